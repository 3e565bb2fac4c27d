"""Several processes behind one address: who takes a connection, who starts and watches them.

    front.py     one parent: it owns the address, starts the workers again, and hands each connection over whole
    routing.py   which worker takes a connection, from the first bytes that it sends
    worker.py    one process that serves the pages that it is handed; the parent starts it by ``__main__.py``

What a process knows of those beside it is in ``dashboard/others.py``. No byte of a page passes through the parent:
it looks at the head of a request without taking it, then gives the open socket away. A worker so sees the very
address of who asks, and an open page costs the parent nothing.
"""
