"""The read-only API: the same figures as the screens, for programs.

caller.py     who asks: a session, a key, or anybody when the setting says so
endpoints.py  the addresses, each declared once: its parameters, its right, its answer
answers.py    what each one answers
problems.py   refusals as problem details, in French
limits.py     how much one caller may ask
openapi.py    the OpenAPI 3.1 document, from the declarations
page.py       the same to be read, in French
routes.py     all of it as routes
"""
