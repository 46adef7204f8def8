"""Every address, one by one; what django-allauth would serve beside these is not reachable."""

from __future__ import annotations

from typing import Final

from allauth.account import views as account_views
from allauth.mfa.base import views as factor_views
from allauth.mfa.recovery_codes import views as code_views
from allauth.mfa.totp import views as app_views
from allauth.mfa.webauthn import views as key_views
from django.urls import path

from tipstaff.web import (
    act_pages,
    alert,
    alert_evidence,
    alerts,
    board,
    consent_copies,
    crimes,
    desk_pages,
    doctor,
    errors,
    find_person,
    fleet,
    ground,
    handovers,
    heard,
    help_pages,
    home,
    live,
    live_map,
    matches,
    matches_candidate,
    misuse,
    openid,
    own,
    own_acts,
    pages,
    partner,
    people,
    person,
    person_acts,
    person_parts,
    person_plan,
    protocols,
    purposes,
    quarantine,
    rules,
    said,
    search,
    token_pages,
    trails,
    zones,
)
from tipstaff.web import references as _references  # noqa: F401 (declares `ref` of addresses)
from tipstaff.web.api.console import API
from tipstaff.web.factor_changes import recorded
from tipstaff.web.password_page import change_password

#: Imported so that it listens as soon as there are pages.
LISTENS: Final = heard
#: django-allauth asks for these addresses by their provider; there is one.
_OPENID: Final = {"provider_id": openid.PROVIDER}

urlpatterns = [
    path("", home.home, name="home"),
    path("help", help_pages.first_day, name="help"),
    path("help/words", help_pages.glossary, name="help_words"),
    path("live", live.live, name="live"),
    path("said/<slug:one>/read", said.read, name="said_read"),
    path("purpose", purposes.ask, name="purpose"),
    path("alerts", alerts.alerts, name="alerts"),
    path("alerts/<ref:wearer>/<int:number>", alert.alert, name="alert"),
    path("alerts/<ref:wearer>/<int:number>/<slug:what>", alert.act, name="alert_act"),
    path(
        "alerts/<ref:wearer>/<int:number>/look/evidence",
        alert_evidence.evidence,
        name="alert_evidence",
    ),
    path(
        "alerts/<ref:wearer>/<int:number>/look/evidence-data",
        alert_evidence.data,
        name="alert_evidence_data",
    ),
    path("people", people.people, name="people"),
    path("find-person", find_person.find, name="find_person"),
    path("people/<ref:wearer>", person.person, name="person"),
    path("people/<ref:wearer>/orders", person_parts.orders, name="person_orders"),
    path("people/<ref:wearer>/plan", person_plan.page, name="person_plan"),
    path(
        "people/<ref:wearer>/consent-copy/<path:reference>",
        consent_copies.copy,
        name="consent_copy",
    ),
    path("people/<ref:wearer>/history", person_parts.history, name="person_history"),
    path("people/<ref:wearer>/looked-at", person_parts.looked, name="person_looked"),
    path("people/<ref:wearer>/do/<slug:name>", person_acts.act, name="person_act"),
    path(
        "people/<ref:wearer>/do/<slug:name>/<path:about>", person_acts.act, name="person_act_about"
    ),
    path("people/<ref:wearer>/zones", zones.zones, name="zones"),
    path("people/<ref:wearer>/zones/data", zones.data, name="zones_data"),
    path("people/<ref:wearer>/zones/<ref:order>/<ref:condition>", zones.draw, name="zone_drawing"),
    path("people/<ref:wearer>/trail", trails.page, name="trail"),
    path("people/<ref:wearer>/trail/data", trails.data, name="trail_data"),
    path("people/<ref:wearer>/trail/as/<slug:form>", trails.export, name="trail_export"),
    path("crimes", crimes.batches, name="crimes"),
    path("crimes/send", crimes.send, name="crimes_send"),
    path("crimes/errors", crimes.errors, name="crimes_errors"),
    path("crimes/urgent", crimes.urgent, name="crimes_urgent"),
    path("crimes/batches/<uuid:ref>", crimes.batch, name="crime_batch"),
    path("matches", matches.matches, name="matches"),
    path("matches/<uuid:run>", matches.run, name="matched_run"),
    path("matches/<uuid:run>/changes", matches.changes, name="matched_changes"),
    path("matches/<uuid:run>/wearers/<ref:wearer>", matches.wearer, name="matched_wearer"),
    path("matches/<uuid:run>/crimes/<int:number>", matches.crime, name="matched_crime"),
    path(
        "matches/<uuid:run>/crimes/<int:number>/data", matches_candidate.data, name="matched_data"
    ),
    path(
        "matches/<uuid:run>/crimes/<int:number>/compare",
        matches_candidate.compare,
        name="matched_compare",
    ),
    path(
        "matches/<uuid:run>/crimes/<int:number>/candidates/<ref:wearer>",
        matches_candidate.candidate,
        name="matched_candidate",
    ),
    path("desks/<slug:name>", desk_pages.desk, name="desk"),
    path("lists/<slug:name>", desk_pages.listing, name="listing"),
    path("do/<slug:name>", act_pages.act, name="act"),
    path("board", board.board, name="board"),
    path("partner-summary", partner.summary, name="partner_summary"),
    path("health/feeds", fleet.health, name="fleet_health"),
    path("handover", handovers.handover, name="handover"),
    path("doctor", doctor.doctor, name="doctor"),
    path("quarantine", quarantine.kinds, name="quarantine"),
    path("quarantine/<int:number>", quarantine.message, name="quarantined"),
    path("rules/eligibility", rules.schemes, name="eligibility_rules"),
    path("rules/eligibility/<slug:rule_id>", rules.scheme, name="eligibility_rule"),
    path("rules/protocols", protocols.every, name="protocols"),
    path("rules/protocols/<slug:kind>", protocols.one, name="protocol"),
    path("rules/retention", rules.kept, name="retention_rules"),
    path("misuse", misuse.misuse, name="misuse"),
    path("search", search.search, name="search"),
    path("search/data", search.data, name="search_data"),
    path("map", live_map.page, name="live_map"),
    path("map/data", live_map.data, name="live_map_data"),
    path("map/zones", live_map.zones, name="live_map_zones_data"),
    path("map/zones/<ref:wearer>", live_map.zones_of, name="live_map_zones_of_data"),
    path("map/ground", ground.style, name="ground"),
    path("map/streets", ground.streets, name="streets"),
    path("map/tiles", ground.basemap, name="basemap"),
    path("own", own.opened, name="own_open"),
    path("own/close", own.closed, name="own_close"),
    path("own/week", own.week, name="own_week"),
    path("own/record", own.record, name="own_record"),
    path("own/seen", own.seen, name="own_seen"),
    path("own/consent", own_acts.consent, name="own_consent"),
    path("own/consent/withdraw", own_acts.withdraw, name="own_withdraw"),
    path("own/change", own_acts.change, name="own_change"),
    path("own/change/words", own_acts.ask, name="own_ask"),
    path("own/change/away", own_acts.ask_away, name="own_ask_away"),
    path("own/copy", own.copy, name="own_copy"),
    path("own/copy/tables", own.tables, name="own_tables"),
    path("health", pages.health, name="health"),
    path("sign-in", account_views.login, name="account_login"),
    path("sign-in/second-factor", factor_views.authenticate, name="mfa_authenticate"),
    path("sign-in/openid", openid.login, _OPENID, name="openid_connect_login"),
    path("sign-in/openid/callback", openid.callback, _OPENID, name="openid_connect_callback"),
    path("sign-out", account_views.logout, name="account_logout"),
    path("account", pages.account, name="account"),
    path("account/tokens/new", token_pages.add, name="add_token"),
    path("account/tokens/<slug:token_id>/end", token_pages.end, name="end_token"),
    path("api/v1/", API.urls),
    path("account/password", change_password, name="account_change_password"),
    path("account/sessions/<uuid:ref>/end", pages.end_session, name="end_session"),
    path("account/confirm", account_views.reauthenticate, name="account_reauthenticate"),
    path("account/confirm/code", factor_views.reauthenticate, name="mfa_reauthenticate"),
    path(
        "account/confirm/key",
        key_views.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
    path("account/second-factor", factor_views.index, name="mfa_index"),
    path("account/second-factor/app", recorded(app_views.activate_totp), name="mfa_activate_totp"),
    path(
        "account/second-factor/app/remove",
        recorded(app_views.deactivate_totp),
        name="mfa_deactivate_totp",
    ),
    path("account/second-factor/key", recorded(key_views.add_webauthn), name="mfa_add_webauthn"),
    path(
        "account/second-factor/key/<int:pk>/remove",
        recorded(key_views.RemoveWebAuthnView.as_view(success_url="/account")),
        name="mfa_remove_webauthn",
    ),
    path("account/recovery-codes", code_views.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "account/recovery-codes/new",
        recorded(code_views.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.failed
