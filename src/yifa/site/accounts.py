"""Ways in: officials get their account from their office; nobody signs up from outside."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Accounts(DefaultAccountAdapter):
    """allauth's answers to the questions it asks a site."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
