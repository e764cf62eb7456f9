"""The dashboard in a real browser, against the real server and a real training run in it.

A package, because a package is what the server and the browser of these tests live for.
"""
