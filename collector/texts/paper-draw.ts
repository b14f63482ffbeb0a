import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import Pdf from 'pdfkit';
import { drawable, glyphsOf } from './glyphs.ts';
import type { Paper } from './paper-model.ts';

const FONT_FILE = createRequire(import.meta.url).resolve(
  '@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf',
);

/** The bundled font, which is open and knows Chinese. */
export function paperFont(): Buffer {
  return readFileSync(FONT_FILE);
}

const MARGIN = 42;
const SIZES = { title: 16, head: 10.5, text: 9, foot: 6.5 } as const;
const ROW = 19;
const SIGN_HEIGHT = 106;
/** Name, instant, way and hash of a signature, and one line that may be broken. */
const SIGNED_HEIGHT = 56;
const LINE = '#555555';
/** Room for the mark before a line. */
const HANG = 10;

type Doc = InstanceType<typeof Pdf>;

/** A PDF of papers, each beginning on a page of its own. `title` is what the file is called by its reader. */
export async function drawPapers(papers: readonly Paper[], title: string, none: string): Promise<Buffer> {
  const font = paperFont();
  const hasGlyph = glyphsOf(font);
  const doc = new Pdf({
    size: 'A4',
    margins: { top: MARGIN, left: MARGIN, right: MARGIN, bottom: MARGIN + 44 },
    bufferPages: true,
    font: FONT_FILE,
    info: { Title: title, Creator: 'Watchkeeper' },
  });
  const done = collected(doc);
  const plain = (text: string): string => drawable(text, hasGlyph);
  if (papers.length === 0) doc.fontSize(SIZES.title).text(plain(`${title}\n\n${none}`));
  const ends: number[] = [];
  papers.forEach((paper, index) => {
    if (index > 0) doc.addPage();
    drawPaper(doc, paper, plain);
    ends.push(doc.bufferedPageRange().count);
  });
  drawFeet(doc, papers, { ends, plain });
  doc.end();
  return done;
}

function collected(doc: Doc): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    doc.on('data', (chunk: Buffer) => chunks.push(chunk));
    doc.on('end', () => resolve(Buffer.concat(chunks)));
    doc.on('error', reject);
  });
}

type Plain = (text: string) => string;

const widthOf = (doc: Doc): number => doc.page.width - 2 * MARGIN;
const bottomOf = (doc: Doc): number => doc.page.height - MARGIN - 44;

function drawPaper(doc: Doc, paper: Paper, plain: Plain): void {
  doc
    .fontSize(SIZES.title)
    .text(plain(paper.title), MARGIN, MARGIN, { align: 'center', width: widthOf(doc) });
  doc.fontSize(SIZES.text).text(plain(paper.site), { align: 'center', width: widthOf(doc) });
  doc.moveDown(0.5);
  drawFacts(doc, paper, plain);
  for (const block of paper.blocks) drawBlock(doc, block, plain);
  drawSignatures(doc, paper, plain);
}

/** Two facts in a row, in boxes as on the form. */
function drawFacts(doc: Doc, { facts }: Paper, plain: Plain): void {
  const half = widthOf(doc) / 2;
  const nameWidth = 84;
  let top = doc.y;
  for (let index = 0; index < facts.length; index += 2) {
    const row = facts.slice(index, index + 2);
    const heights = row.map(([, value]) =>
      doc.fontSize(SIZES.text).heightOfString(plain(value), { width: half - nameWidth - 10 }),
    );
    const height = Math.max(ROW, ...heights.map((one) => one + 7));
    row.forEach(([name, value], column) => {
      const left = MARGIN + column * half;
      doc.lineWidth(0.5).strokeColor(LINE).rect(left, top, nameWidth, height).stroke();
      doc.rect(left + nameWidth, top, half - nameWidth, height).stroke();
      doc.fillColor(LINE).text(plain(name), left + 4, top + 3, { width: nameWidth - 8 });
      doc
        .fillColor('black')
        .text(plain(value), left + nameWidth + 5, top + 3, { width: half - nameWidth - 10 });
    });
    top += height;
  }
  doc.x = MARGIN;
  doc.y = top + 8;
}

function drawBlock(doc: Doc, { title, lines }: Paper['blocks'][number], plain: Plain): void {
  const width = widthOf(doc);
  if (doc.y + 40 > bottomOf(doc)) doc.addPage();
  const top = doc.y;
  doc.rect(MARGIN, top, width, 16).fillAndStroke('#eeeeee', LINE);
  doc
    .fillColor('black')
    .fontSize(SIZES.head)
    .text(plain(title), MARGIN + 5, top + 0.5, { width: width - 10 });
  doc.y = top + 19;
  doc.fontSize(SIZES.text);
  for (const { text, mark = '·' } of lines) {
    // The mark stands beside the first words of its line, on whatever page that is.
    if (doc.y + doc.currentLineHeight() > bottomOf(doc)) doc.addPage();
    const { y } = doc;
    doc.text(mark, MARGIN + 5, y, { width: HANG, lineBreak: false });
    doc.text(plain(text), MARGIN + 5 + HANG, y, { width: width - 10 - HANG });
  }
  doc.x = MARGIN;
  doc.y += 5;
}

/** Boxes with room for ink: they stay together on one page. */
function drawSignatures(doc: Doc, { signatures }: Paper, plain: Plain): void {
  if (doc.y + SIGN_HEIGHT > bottomOf(doc)) doc.addPage();
  const width = widthOf(doc) / signatures.length;
  const top = doc.y + 2;
  signatures.forEach(({ role, ink, lines }, index) => {
    const left = MARGIN + index * width;
    doc.lineWidth(0.8).strokeColor('black').rect(left, top, width, SIGN_HEIGHT).stroke();
    doc.fontSize(SIZES.head).text(plain(role), left + 5, top + 2, { width: width - 10 });
    doc.fontSize(7.5).text(plain(lines.join('\n')), left + 5, top + 17, {
      width: width - 10,
      height: SIGNED_HEIGHT,
    });
    doc.fillColor(LINE).text(plain(ink), left + 5, top + 17 + SIGNED_HEIGHT + 3, { width: width - 10 });
    doc.fillColor('black');
    doc
      .moveTo(left + 34, top + SIGN_HEIGHT - 10)
      .lineTo(left + width - 8, top + SIGN_HEIGHT - 10)
      .stroke();
  });
  doc.x = MARGIN;
  doc.y = top + SIGN_HEIGHT + 6;
}

/** Record number, page x of y and the hashes at the foot of each page. */
function drawFeet(
  doc: Doc,
  papers: readonly Paper[],
  { ends, plain }: { readonly ends: readonly number[]; readonly plain: Plain },
): void {
  papers.forEach((paper, index) => {
    const first = index === 0 ? 0 : (ends[index - 1] ?? 0);
    const last = ends[index] ?? first;
    for (let page = first; page < last; page += 1) {
      doc.switchToPage(page);
      // Text below the margin would begin a page of its own.
      doc.page.margins.bottom = 0;
      const number = paper.pageOf
        .replace('{page}', String(page - first + 1))
        .replace('{pages}', String(last - first));
      const id = paper.facts[0]?.join(' ') ?? '';
      const top = doc.page.height - MARGIN - 36;
      doc.fontSize(SIZES.foot).fillColor(LINE);
      doc.text(plain(paper.foot.join('\n')), MARGIN, top, { width: widthOf(doc), lineBreak: true });
      doc.text(plain(`${id}　${number}`), MARGIN, top - 12, { width: widthOf(doc), align: 'right' });
    }
  });
}
