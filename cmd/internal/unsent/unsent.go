// Package unsent holds a refusal against the request that it refuses: whoever is told
// that a value is wrong must find it where they wrote it. A refusal that names what
// nobody sent (a field of the command that the server made of the request, a default,
// the length of a list) sends its reader looking for a mistake that is not there.
//
// It stands beside whatever asks a ledger a lot of questions: the scenarios, and the
// access matrix.
package unsent

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
)

// Document is what an OpenAPI document says of the requests that can be made.
type Document struct {
	Paths      map[string]map[string]operation
	Components struct{ Schemas map[string]*schema }
}

type operation struct {
	Parameters  []struct{ Name, In string }
	RequestBody *struct {
		Content map[string]struct{ Schema *schema }
	}
}

type schema struct {
	Ref        string `json:"$ref"`
	Properties map[string]*schema
	Items      *schema
}

// Read reads a ledger's OpenAPI document.
func Read(text []byte) (*Document, error) {
	var d Document
	if err := json.Unmarshal(text, &d); err != nil {
		return nil, fmt.Errorf("the OpenAPI document: %w", err)
	}
	return &d, nil
}

// Request is what was asked.
type Request struct {
	Method string
	Target string // path and query, escaped
	Header http.Header
	Body   []byte
}

type problem struct {
	Type, Detail string
	Violations   []violation
}

type violation struct{ Field, Value, Rule string }

// Named says what the problem details of a refusal name that the request did not send,
// and nothing of an answer that is no refusal. A field that is named with no value is one
// that was sent, or one that the request could have sent and did not; one that is named
// with a value was sent with that value.
func (d *Document) Named(r Request, status int, answer []byte) (wrong []string) {
	var p problem
	if status < 400 || status >= 500 || json.Unmarshal(answer, &p) != nil {
		return nil
	}
	path, query, _ := strings.Cut(r.Target, "?")
	op, inPath := d.find(r.Method, path)
	if op == nil {
		return nil // nothing is served there, which is all that is said
	}
	sent := d.sent(op, r, inPath, query)
	for _, v := range p.Violations {
		if why := sent.faultOf(v); why != "" {
			wrong = append(wrong, fmt.Sprintf("%s names %q with the value %q: %s", strings.TrimPrefix(p.Type,
				"urn:aftersales-ledger:problem:"), v.Field, v.Value, why))
		}
	}
	return wrong
}

// find is the operation that a path is one of, and what stands in its places.
func (d *Document) find(method, path string) (*operation, map[string]string) {
	got := strings.Split(path, "/")
	best, places := (*operation)(nil), map[string]string(nil)
	for template, ops := range d.Paths {
		op, ok := ops[strings.ToLower(method)]
		want := strings.Split(template, "/")
		if !ok || len(want) != len(got) {
			continue
		}
		in := make(map[string]string)
		fits := true
		for i, part := range want {
			name, isPlace := strings.CutPrefix(part, "{")
			value, err := url.PathUnescape(got[i])
			switch {
			case isPlace && err == nil:
				in[strings.TrimSuffix(name, "}")] = value
			case part != got[i]:
				fits = false
			}
		}
		if fits && (best == nil || len(in) < len(places)) { // a name goes before a place
			best, places = &op, in
		}
	}
	return best, places
}

// request is what was sent and what could have been.
type request struct {
	doc      *Document
	texts    map[string][]string // of path, query and headers, by name
	couldBe  []string            // names of query and headers
	isJSON   bool
	body     any
	template *schema
}

func (d *Document) sent(op *operation, r Request, inPath map[string]string, query string) request {
	out := request{doc: d, texts: make(map[string][]string)}
	for name, value := range inPath {
		out.texts[name] = []string{value}
	}
	values, _ := url.ParseQuery(query)
	for name, all := range values {
		out.texts[name] = append(out.texts[name], all...)
		for _, one := range all { // a list of a query may stand under one name
			out.texts[name] = append(out.texts[name], strings.Split(one, ",")...)
		}
	}
	for _, p := range op.Parameters {
		if out.couldBe = append(out.couldBe, p.Name); p.In == "header" {
			out.texts[p.Name] = r.Header.Values(p.Name)
		}
	}
	out.isJSON = op.RequestBody == nil
	if op.RequestBody != nil {
		content, takes := op.RequestBody.Content["application/json"]
		out.isJSON, out.template = takes, content.Schema
	}
	text := json.NewDecoder(bytes.NewReader(r.Body))
	text.UseNumber()
	if text.Decode(&out.body) != nil {
		out.body = nil
	}
	return out
}

func (r request) faultOf(v violation) string {
	if !r.isJSON {
		return "" // a file: what is wrong stands in its rows and columns
	}
	if sent, named := r.texts[v.Field]; named && (v.Value == "" || slices.Contains(sent, v.Value) ||
		slices.ContainsFunc(sent, func(s string) bool { return domain.Clip(s) == v.Value })) {
		return ""
	}
	if value, found := at(r.body, v.Field); found {
		return otherThan(v.Value, value)
	}
	switch {
	case v.Field == "":
		return "a refusal of a value names its field"
	case v.Value != "" && len(r.texts[v.Field]) > 0:
		return fmt.Sprintf("%q was sent", r.texts[v.Field])
	case v.Value != "":
		return "nobody sent that"
	case slices.Contains(r.couldBe, v.Field) || r.doc.has(r.template, v.Field):
		return ""
	}
	return "the request has no such field"
}

// otherThan says how a value differs from the one that was sent. Of an object or a list
// the fields are what is named, so that it has no value of its own.
func otherThan(told string, sent any) string {
	text := ""
	switch sent := sent.(type) {
	case string:
		text = sent
	case json.Number, bool:
		text = fmt.Sprint(sent)
	case []any: // one of its entries, or all of them
		all := make([]string, len(sent))
		for i, one := range sent {
			all[i], _ = one.(string)
		}
		if slices.Contains(all, told) || strings.Join(all, " ") == told || strings.Join(all, ",") == told {
			return ""
		}
	}
	if told == "" || told == text || told == domain.Clip(text) || sameFigure(told, text) {
		return ""
	}
	return fmt.Sprintf("%v was sent", sent)
}

// sameFigure reports whether a value says what was sent in the figures of the trade: an
// amount with its fen, a moment by its business date.
func sameFigure(told, sent string) bool {
	a, err := decimal.NewFromString(told)
	if b, bad := decimal.NewFromString(sent); err == nil && bad == nil {
		return a.Equal(b)
	}
	at, err := time.Parse(time.RFC3339Nano, sent)
	return err == nil && calendar.DateOf(at).String() == told
}

var part = regexp.MustCompile(`^([^\[\]]*)((?:\[\d+\])*)$`)

// at finds a field of a body by its path, as lines[1].amount.
func at(body any, path string) (value any, found bool) {
	for name := range strings.SplitSeq(path, ".") {
		m := part.FindStringSubmatch(name)
		if m == nil {
			return nil, false
		}
		if m[1] != "" {
			object, _ := body.(map[string]any)
			if body, found = object[m[1]]; !found {
				return nil, false
			}
		}
		for index := range strings.SplitSeq(strings.Trim(m[2], "[]"), "][") {
			if index == "" {
				continue
			}
			list, _ := body.([]any)
			i, err := strconv.Atoi(index)
			if err != nil || i >= len(list) {
				return nil, false
			}
			body = list[i]
		}
	}
	return body, true
}

// has reports whether a request could have held a field.
func (d *Document) has(s *schema, path string) bool {
	for name := range strings.SplitSeq(path, ".") {
		name, _, _ = strings.Cut(name, "[")
		if s = d.resolved(s); s == nil || s.Properties[name] == nil {
			return false
		}
		s = s.Properties[name]
	}
	return s != nil
}

// resolved is a schema where it is written down; of a list, that of its elements.
func (d *Document) resolved(s *schema) *schema {
	for s != nil && (s.Ref != "" || s.Items != nil) {
		if s.Items != nil {
			s = s.Items
			continue
		}
		s = d.Components.Schemas[strings.TrimPrefix(s.Ref, "#/components/schemas/")]
	}
	return s
}
