"""An agent's browser before ProConnect."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import httpx


class AgentBrowser:
    """Goes through the simulator's pages like a browser; its cookies stay, hence single sign-on."""

    def __init__(self) -> None:
        self.browser = httpx.Client(trust_env=False, timeout=15)

    def open(self, address: str) -> httpx.Response:
        return self._followed(self.browser.get(address), urlsplit(address).netloc)

    def post(self, page: httpx.Response, **form: str) -> httpx.Response:
        return self._followed(self.browser.post(page.url, data=form), page.url.netloc.decode())

    def sign_in(self, address: str, login: str = "camille") -> dict[str, str]:
        """From the product's link to the query of the return; without any page when the session is enough."""
        page = self.open(address)
        if page.status_code == 200:
            page = self.post(self.post(page, email=""), login=login)
        return returned(page)

    def _followed(self, answer: httpx.Response, host: str) -> httpx.Response:
        while answer.has_redirect_location:
            assert answer.next_request is not None
            if answer.next_request.url.netloc.decode() != host:
                return answer
            answer = self.browser.send(answer.next_request)
        return answer


def returned(answer: httpx.Response) -> dict[str, str]:
    """The query with which the browser comes back to the product."""
    assert answer.status_code == 303, answer.text
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))
