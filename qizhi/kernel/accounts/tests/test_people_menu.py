"""The way to the people stands in the menu of those who may read them, beside the log of access."""

import pytest

from qizhi.testing import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


@pytest.mark.parametrize(
    ("who", "is_shown"),
    [
        ("admin@610323", True),
        ("auditor@610323", True),
        ("clerk@610323", False),
        ("leader@610323", False),
        ("director@610323100", False),
    ],
)
def test_the_menu_leads_there_whom_it_lets_in(who, is_shown):
    said = cast.browser(who).get("/accounts/me/").content.decode()
    for address in ("/accounts/people/", "/accounts/access/"):
        assert (f'<a class="bar-tool" href="{address}"' in said) is is_shown
