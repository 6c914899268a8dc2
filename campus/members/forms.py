"""What comes in when somebody signs in, or chooses a password."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from wtforms import EmailField, HiddenField, PasswordField
from wtforms.validators import Length

from campus.members import rules
from campus.web.forms import Form, Present, at_most, clean


class AddressField(EmailField):
    """An e-mail address in lower case, without what cannot be seen."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the first value sent."""
        self.data = clean(valuelist[0]).lower() if valuelist else ""


class SignInForm(Form):
    """Address and password. Whatever is wrong with them is said in the same words."""

    email = AddressField(lazy_gettext("E-mail"), [Length(min=1, max=rules.LONGEST_EMAIL)])
    password = PasswordField(lazy_gettext("Password"), [Length(min=1, max=rules.LONGEST_PASSWORD)])
    next = HiddenField()
    carry = HiddenField()


class ForgottenForm(Form):
    """Who forgot a password."""

    email = AddressField(
        lazy_gettext("E-mail"),
        [Present(lazy_gettext("Fill in your e-mail.")), at_most(rules.LONGEST_EMAIL)],
    )


class NewPasswordForm(Form):
    """A new password; what makes a good one is in the rules."""

    password = PasswordField(
        lazy_gettext("New password"), [Present(lazy_gettext("Fill in a new password."))]
    )


class ChangePasswordForm(Form):
    """The present password and the new one."""

    current = PasswordField(
        lazy_gettext("Present password"),
        [Present(lazy_gettext("Fill in your present password.")), at_most(rules.LONGEST_PASSWORD)],
    )
    password = PasswordField(
        lazy_gettext("New password"), [Present(lazy_gettext("Fill in a new password."))]
    )
