"""Writes Annotation_Base11.xls and its corrected form as xlwt does: BIFF8, header with a trailing space, sheet Feuil1.

python xlwt_files.py     (made with xlwt 1.3.0)
The names are among those of MESSIDOR; the grades are made up, but for those that the publishers corrected.
"""
import os
import xlwt

HEADER = ['Image name', 'Ophthalmologic department', 'Retinopathy grade', 'Risk of macular edema ']
ROWS = [['20051019_38557_0100_PP.tif', 3, 1], ['20051020_43808_0100_PP.tif', 0, 0], ['20051020_63045_0100_PP.tif', 3, 0],
        ['20051020_64007_0100_PP.tif', 1, 2], ['20051020_63936_0100_PP.tif', 3, 2]]
CORRECTED = {'20051020_64007_0100_PP.tif': 3, '20051020_63936_0100_PP.tif': 1}


def write(name, rows):
    book = xlwt.Workbook()
    sheet = book.add_sheet('Feuil1')
    for row, cells in enumerate([HEADER, *[[name, 'Service Ophtalmologie Lariboisière', grade, edema] for name, grade, edema in rows]]):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    book.save(os.path.join(os.path.dirname(__file__), name))


write('Annotation_Base11.xls', ROWS)
write('Annotation_Base11_update20161024.xls', [[name, CORRECTED.get(name, grade), edema] for name, grade, edema in ROWS])
