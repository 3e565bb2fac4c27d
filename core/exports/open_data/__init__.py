"""Open data: one ZIP that describes itself (Frictionless Data Package), small counts of people hidden.

columns.py    what each table holds: one declaration for the schema, the dictionary and the CSV
tables.py     the rows, from frozen figures or from what is known now
package.py    the ZIP
"""

from core.exports.open_data.package import package
from core.exports.open_data.tables import Source

__all__ = ["Source", "package"]
