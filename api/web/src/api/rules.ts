import { useQuery } from '@tanstack/react-query';
import { say } from '@/kit/say';

// What may be typed is the server's to say: the rules of a command's body are read
// from the document that the server serves, when the first form is opened.

interface Schema {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  enum?: unknown[];
}
interface Document {
  paths: Record<string, Record<string, { parameters?: { name: string }[]; requestBody?: { content?: Record<string, { schema?: Schema }> } }>>;
  components: { schemas: Record<string, Schema> };
}

export interface Rules {
  /** It may carry the tag of what its sender saw (If-Match): it changes one record. */
  ofOneRecord: boolean;
  required: ReadonlySet<string>;
  fields: Record<string, Schema>;
}

const document = async (): Promise<Document> => {
  const got = await fetch('/openapi.json');
  if (!got.ok) throw new Error(got.statusText);
  return (await got.json()) as Document;
};

export function rulesOf(doc: Document, path: string): Rules {
  const follow = (s: Schema | undefined): Schema | undefined => (s?.$ref ? doc.components.schemas[s.$ref.replace('#/components/schemas/', '')] : s);
  const post = doc.paths[path]?.post;
  const body = follow(post?.requestBody?.content?.['application/json']?.schema);
  return {
    ofOneRecord: post?.parameters?.some((p) => p.name === 'If-Match') ?? false,
    required: new Set(body?.required),
    fields: Object.fromEntries(Object.entries(body?.properties ?? {}).map(([name, s]) => [name, follow(s) ?? {}])),
  };
}

/** The rules of a command's body; undefined until they are here: then the server alone judges. */
export function useRules(path: string): Rules | undefined {
  const { data } = useQuery({ queryKey: ['openapi'], queryFn: document, staleTime: Infinity, retry: false });
  return data && rulesOf(data, path);
}

/** What the document has against a value, in words. */
export function faultOf(rules: Rules | undefined, name: string, value: string): string | undefined {
  const s = rules?.fields[name];
  if (!s) return undefined;
  if (!value) return rules?.required.has(name) && (s.minLength ?? 0) > 0 ? say('required') : undefined;
  const length = [...value].length;
  if (s.maxLength !== undefined && length > s.maxLength) return say('tooLong', { n: s.maxLength });
  if (s.minLength !== undefined && length < s.minLength) return say('tooShort', { n: s.minLength });
  if (s.enum && !s.enum.includes(value)) return say('notOneOf');
  if (s.pattern && s.type === 'string' && !new RegExp(s.pattern, 'u').test(value)) return say('badShape');
  return undefined;
}
