import type { ReadingView } from '../../config/model/api.ts';
import type { Quantity } from '../../config/model/quantity.ts';
import { useText } from '../app.ts';
import { readingText } from '../data/reading.ts';

export function QuantityText({ quantity }: { readonly quantity: Quantity }) {
  return (
    <span class="quantity">
      {quantity.number}
      {quantity.unit !== '' && <span class="quantity-unit">{` ${quantity.unit}`}</span>}
    </span>
  );
}

export function ReadingValue({ reading }: { readonly reading: ReadingView }) {
  const { words, format } = useText();
  return <QuantityText quantity={readingText(reading, words, format)} />;
}
