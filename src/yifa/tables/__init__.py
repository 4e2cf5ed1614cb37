"""Any register, journal or case list as a sheet: Excel and CSV in, with a report of what was refused, and out.

`book` opens a file without trusting it, `sheet` finds the table in it, `parse` reads its cells, `importer`
previews and carries out; `export` and `template` write.
"""
