/** A page of a list. */
export interface Page<Item> {
  items: Item[];
  next_cursor?: string | null;
}

/** Where a page starts: spread it into the call's query. The first page starts nowhere in particular. */
export type From = { cursor?: string };

/** Reads one page. */
export type ReadPage<Item> = (from: From) => Promise<{ data: Page<Item> }>;

/**
 * Every page of a list, each fetched when it is asked for. It ends at the first error.
 *
 * ```ts
 * for await (const page of pages((from) => client.GET('/v1/reports', { params: { query: from } }))) show(page.items);
 * ```
 */
export async function* pages<Item>(read: ReadPage<Item>): AsyncGenerator<Page<Item>, void, undefined> {
  let from: From | undefined = {};
  while (from) {
    const { data }: { data: Page<Item> } = await read(from);
    yield data;
    from = data.next_cursor ? { cursor: data.next_cursor } : undefined;
  }
}

/** Every item of a list, from the first page to the last; a page is fetched when it is needed. */
export async function* items<Item>(read: ReadPage<Item>): AsyncGenerator<Item, void, undefined> {
  for await (const page of pages(read)) yield* page.items;
}
