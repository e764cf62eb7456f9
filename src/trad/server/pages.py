"""The few pages that the server writes itself: plain HTML, no script and no style in them."""

from html import escape

from starlette.responses import HTMLResponse

_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title></head>
<body><h1>{title}</h1>
{paragraphs}
</body>
</html>
"""


def page(title: str, *paragraphs: str, status: int = 200) -> HTMLResponse:
    """Show a title and paragraphs of plain text; what stands between backquotes is shown as typed."""
    return HTMLResponse(
        _PAGE.format(
            title=escape(title), paragraphs="\n".join(f"<p>{_typed(text)}</p>" for text in paragraphs)
        ),
        status,
    )


def _typed(text: str) -> str:
    parts = escape(text).split("`")
    return "".join(f"<code>{part}</code>" if place % 2 else part for place, part in enumerate(parts))
