"""The wallboard's files: pages are asked for anew every time, what they load may be kept."""

from asyncio import to_thread
from html import escape
from pathlib import Path

from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

AS_BUILT = '<html lang="zh" data-zone="Asia/Shanghai" data-currency="CNY">'


class Pages(StaticFiles):
    """Pages carry the business's time zone and currency: their first numbers need not wait for them."""

    def __init__(self, directory: Path, *, zone: str, currency: str) -> None:
        super().__init__(directory=directory, html=True)
        self._ours = f'<html lang="zh" data-zone="{escape(zone)}" data-currency="{escape(currency)}">'

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if isinstance(response, FileResponse) and str(response.path).endswith(".html"):
            page = await to_thread(Path(response.path).read_text, encoding="utf-8")
            response = HTMLResponse(page.replace(AS_BUILT, self._ours), response.status_code)
        fixed = path.startswith("assets/")  # their names change with their content
        response.headers["Cache-Control"] = "public, max-age=31536000" if fixed else "no-cache"
        return response
