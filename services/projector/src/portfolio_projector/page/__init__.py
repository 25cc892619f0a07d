"""The web page at `/`: files that a browser runs as they lie here, and the route that serves them.

It asks the JSON read API and formats what that answers; no figure is worked out here or in the browser. `static/app` starts it,
knows where one is and asks; `static/parts` are what pages are made of; `static/views` has a file for each thing there is to see.
"""
