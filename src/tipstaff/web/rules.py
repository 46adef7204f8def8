"""The rules by which the program decides, in words: who may be tagged, what is kept how long."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from tipstaff.domain.eligibility import Rule
from tipstaff.domain.legal_bases import BASIS_WORDS, LegalBasis
from tipstaff.domain.local_time import local_date
from tipstaff.domain.purposes import PURPOSE_HELP, Purpose
from tipstaff.domain.retention import CATEGORY_WORDS, Category, RetentionRule
from tipstaff.services.law_in_force import list_eligibility_rules, show_retention_policy
from tipstaff.web.callers import calling
from tipstaff.web.eligibility_words import compare, demanded, in_force_words, stands


@require_GET
def schemes(request: HttpRequest) -> HttpResponse:
    """Every scheme with its versions, the newest first."""
    found = list_eligibility_rules(**calling(request, "list_eligibility_rules"))
    today = local_date(timezone.now())
    by_rule = groupby(found, key=lambda rule: rule.rule_id)
    page: dict[str, Any] = {
        "schemes": [_versions(list(rules)) for _rule_id, rules in by_rule],
        "stands": lambda rule: stands(rule, today),
        "in_force": in_force_words,
    }
    return render(request, "rules_schemes.html.jinja", page)


@require_GET
def scheme(request: HttpRequest, rule_id: str) -> HttpResponse:
    """A version of one scheme's rule: the one asked for, else the newest; beside another one."""
    found = list_eligibility_rules(**calling(request, "list_eligibility_rules"))
    versions = _versions([rule for rule in found if rule.rule_id == rule_id])
    shown = _asked(versions, request.GET.get("version", "")) if versions else None
    if shown is None:
        raise Http404
    other = _asked(versions, request.GET.get("with", "0") or "0")
    compared = None
    if other is not None and other != shown:
        compared = compare(*sorted((other, shown), key=lambda rule: rule.version))
    page: dict[str, Any] = {
        "rule": shown,
        "versions": versions,
        "other": other,
        "compared": compared,
        "demanded": demanded,
        "in_force": in_force_words,
        "stands": stands(shown, local_date(timezone.now())),
    }
    return render(request, "rules_scheme.html.jinja", page)


@require_GET
def kept(request: HttpRequest) -> HttpResponse:
    """The policy of what is kept how long, by the legal basis of an order."""
    policy = show_retention_policy(**calling(request, "show_retention_policy"))
    page: dict[str, Any] = {
        "policy": policy,
        "rules": [(_bases(rule), rule) for rule in policy.rules],
        "categories": [(one, CATEGORY_WORDS[one]) for one in Category],
        "locked": [CATEGORY_WORDS[one] for one in Category if one in policy.locked],
        "open_to": [PURPOSE_HELP[one] for one in Purpose if one in policy.open_to],
    }
    return render(request, "rules_retention.html.jinja", page)


def _versions(rules: list[Rule]) -> list[Rule]:
    return sorted(rules, key=lambda rule: -rule.version)


def _asked(versions: list[Rule], number: str) -> Rule | None:
    if not number:
        return versions[0]
    return next((rule for rule in versions if str(rule.version) == number), None)


def _bases(rule: RetentionRule) -> list[str]:
    return [BASIS_WORDS[basis] for basis in LegalBasis if basis in rule.bases]
