// Asks the browser for a security key and sends what it answers with the form.
// The options and the answer are the JSON of Web Authentication, level 3; where the browser lacks
// the conversions, they are made here.

function bytes(text) {
  const padded = text.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(padded), (sign) => sign.charCodeAt(0)).buffer;
}

function text(buffer) {
  const signs = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(signs).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function named(list) {
  return (list ?? []).map((key) => ({ ...key, id: bytes(key.id) }));
}

function read(options) {
  const read = { ...options, challenge: bytes(options.challenge) };
  if (options.user) read.user = { ...options.user, id: bytes(options.user.id) };
  if (options.excludeCredentials) read.excludeCredentials = named(options.excludeCredentials);
  if (options.allowCredentials) read.allowCredentials = named(options.allowCredentials);
  return read;
}

function written(credential) {
  const answer = credential.response;
  const response = { clientDataJSON: text(answer.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (answer[name]) response[name] = text(answer[name]);
  }
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  };
}

async function ask(part) {
  const form = part.closest("form");
  const { publicKey } = JSON.parse(document.getElementById("key-options").textContent);
  const status = part.querySelector("[data-key-status]");
  status.textContent = "";
  try {
    const credential = await navigator.credentials[part.dataset.key]({ publicKey: read(publicKey) });
    form.elements.credential.value = JSON.stringify(written(credential));
    form.submit();
  } catch {
    status.textContent = "The key did not answer, or it is not one that you set up here. Try again.";
  }
}

for (const part of document.querySelectorAll("[data-key]")) {
  part.hidden = false;
  if (window.PublicKeyCredential && window.isSecureContext) {
    part.querySelector("[data-key-button]").addEventListener("click", () => ask(part));
  } else {
    part.querySelector("[data-key-button]").hidden = true;
    part.querySelector("[data-key-status]").textContent = "This browser cannot use security keys here.";
  }
}
