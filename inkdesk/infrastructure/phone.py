"""Phone numbers, by Google's library."""

from typing import TYPE_CHECKING

from inkdesk.domain.errors import ValidationError
from inkdesk.domain.message import message

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber


class LibraryPhoneNumbers:
    """Reads numbers as people type them and shows them as people of a region write them."""

    def normalise(self, typed: str, region: str) -> str:
        """E.164 of a typed number; national ones by ``region`` (ISO 3166). ValidationError if it is none."""
        import phonenumbers  # noqa: PLC0415 - its tables cost start-up time

        try:
            number = phonenumbers.parse(typed, region.upper() or None)
        except phonenumbers.NumberParseException:
            raise _refused(typed) from None
        if not phonenumbers.is_possible_number(number):
            raise _refused(typed)
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    def show(self, phone: str, region: str) -> str:
        """A stored number as people of ``region`` write it: national at home, international elsewhere."""
        import phonenumbers  # noqa: PLC0415

        try:
            number = phonenumbers.parse(phone)
        except phonenumbers.NumberParseException:
            return phone
        return phonenumbers.format_number(number, _format(number, region))


def _format(number: "PhoneNumber", region: str) -> int:
    import phonenumbers  # noqa: PLC0415

    is_home = phonenumbers.country_code_for_region(region.upper()) == number.country_code
    kinds = phonenumbers.PhoneNumberFormat
    return kinds.NATIONAL if is_home else kinds.INTERNATIONAL


def _refused(typed: str) -> ValidationError:
    return ValidationError(
        message("{phone} is not a phone number. Correct it or leave it empty.", phone=typed), field="client_phone"
    )
