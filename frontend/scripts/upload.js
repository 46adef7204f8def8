// How much of a file is sent, while it is sent. Without this the form works the same, and says nothing.
const form = document.querySelector("form[data-upload]");

function send(event) {
  event.preventDefault();
  const bar = form.querySelector("progress");
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.upload.onprogress = (sent) => {
    bar.hidden = false;
    if (sent.lengthComputable) bar.value = (100 * sent.loaded) / sent.total;
  };
  request.onload = () => {
    const answer = new DOMParser().parseFromString(request.responseText, "text/html");
    document.title = answer.title;
    document.getElementById("main").replaceWith(answer.getElementById("main"));
    const heading = document.querySelector("#main h1");
    heading.tabIndex = -1;
    heading.focus();
  };
  request.onerror = () => form.submit();
  request.send(new FormData(form));
}

if (form) form.addEventListener("submit", send);
