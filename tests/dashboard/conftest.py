"""A team to test with: one client per role, and addresses with something behind them."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from crm.accounts.models import User
from crm.accounts.roles import ROLES
from tests.factories import UserFactory


@pytest.fixture
def member(db) -> Callable[..., User]:
    """Makes somebody who works here: ``member("Finance")``, or an owner with ``member()``."""

    def make(*roles: str) -> User:
        assert set(roles) <= ROLES.keys()
        user = UserFactory(is_staff=True, is_superuser=not roles)
        user.groups.set(Group.objects.filter(name__in=roles))
        return user

    return make


@pytest.fixture
def office(member) -> Callable[..., Client]:
    """A signed-in browser of somebody with these roles."""

    def sign_in(*roles: str, **kwargs) -> Client:
        client = Client(**kwargs)
        client.force_login(member(*roles))
        return client

    return sign_in
