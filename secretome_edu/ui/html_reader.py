"""Read HTML as a browser does where Python's own parser, in some releases, stops with an error."""

from __future__ import annotations

from html.parser import HTMLParser


class HtmlReader(HTMLParser):
    """An ``html.parser.HTMLParser`` for which ``<![`` begins a comment that ends with ``>``.

    So the HTML standard says. Older releases of Python raise AssertionError for ``<![x]>`` and
    read over all up to ``]]>`` for ``<![CDATA[``, also over a script a browser would run.

    Examples
    --------
    >>> reader = HtmlReader()
    >>> reader.handle_starttag = lambda tag, attrs: print(tag)
    >>> reader.feed("<![x]><b><![CDATA[><script>")
    b
    script
    """

    def parse_html_declaration(self, i: int) -> int:
        """Return where the declaration ends that begins at ``i``, or -1 if it does not end."""
        if self.rawdata.startswith("<![", i):
            return self.parse_bogus_comment(i)
        return super().parse_html_declaration(i)
