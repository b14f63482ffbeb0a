/** A sheet of shifts as an Excel workbook; every cell is text, so that nothing in it is taken for a formula. */
export async function rosterWorkbook(rows: readonly (readonly string[])[], sheet: string): Promise<Buffer> {
  const [titles = [], ...body] = rows;
  const data = [
    titles.map((value) => ({ value, type: String, fontWeight: 'bold' as const })),
    ...body.map((row) => row.map((value) => ({ value, type: String }))),
  ];
  const columns = titles.map((_title, index) => ({ width: index < 4 ? 14 : 28 }));
  const { default: writeXlsxFile } = await import('write-excel-file/node');
  return writeXlsxFile([{ data, sheet, columns, stickyRowsCount: 1 }]).toBuffer();
}
