"""What people are told about their accounts; each returns a letter."""

from __future__ import annotations

from flask_babel import force_locale, gettext

from campus.members.models import Person
from campus.outbox.models import Letter
from campus.web import mails


def reset(person: Person, *, token: str) -> Letter:
    """Compose the link that sets a new password."""
    with force_locale(language := mails.language_for(person.language)):
        subject = gettext("Choose a new password")
    return _letter(person, subject, "reset", link=link_for(token, language=language))


def first(person: Person, *, token: str, organisation: str) -> Letter:
    """Compose the link that sets the first password of an account."""
    with force_locale(language := mails.language_for(person.language)):
        subject = gettext("Your account at %(campus)s", campus=mails.settings().name)
    link = link_for(token, language=language)
    return _letter(person, subject, "first", link=link, organisation=organisation)


def changed(person: Person) -> Letter:
    """Compose the notice that a password was changed."""
    with force_locale(language := mails.language_for(person.language)):
        subject = gettext("Your password has been changed")
    link = mails.address_of("sign-in/forgotten", language=language)
    return _letter(person, subject, "changed", link=link)


def link_for(token: str, *, language: str) -> str:
    """Return the address that sets a password once."""
    return mails.address_of(f"sign-in/reset/{token}", language=language)


def _letter(person: Person, subject: str, template: str, **values: object) -> Letter:
    language = mails.language_for(person.language)
    plain, html = mails.rendered(
        f"members/mail/{template}",
        language=language,
        name=person.name,
        subject=subject,
        **values,
    )
    return Letter(
        recipient=person.email,
        person_id=person.id,
        language=language,
        subject=subject,
        text=plain,
        html=html,
    )
