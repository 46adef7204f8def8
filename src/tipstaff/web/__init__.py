"""Pages for browsers. Today they sign people in and show them their account; nothing else.

Every page needs somebody signed in with a second factor, unless `gate` lists it. Pages ask use
cases in `services` and know no tables. Django and django-allauth bring views of their own, which
`urls` names one by one.
"""
