package operations

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"aftersales-ledger/api/wording"
	"aftersales-ledger/domain"
)

// Named is the command of a name, or a refusal with the nearest there are.
func Named(list []Operation, name string) (Operation, error) {
	names := make([]string, len(list))
	for i, o := range list {
		if o.Name == name {
			return o, nil
		}
		names[i] = o.Name
	}
	return Operation{}, domain.NotFound("operation", domain.Clip(name), "unknown-operation",
		"is no operation; 'ledger do' lists them").Among(like(name, names))
}

// like are the names that have the most words in common with a wrong one, as
// reject-transfer has with transfer-rejections; all, if none has any.
func like(name string, names []string) []domain.Existing {
	var list []string
	most := 0
	for _, n := range names {
		words := 0
		for w := range strings.FieldsFuncSeq(n, between) {
			for v := range strings.FieldsFuncSeq(name, between) {
				if stem(v) == stem(w) {
					words++
				}
			}
		}
		if words > most {
			most, list = words, nil
		}
		if words == most {
			list = append(list, n)
		}
	}
	return domain.Each(list, func(n string) domain.NamedID { return domain.NamedID{ID: n} })
}

func between(r rune) bool { return strings.ContainsRune("-.[]", r) }

// stem is a word by its beginning: rejections and reject are one.
func stem(word string) string {
	word = strings.ToLower(word)
	return word[:min(5, len(word))]
}

// Request is a command as it is sent.
type Request struct {
	Target string // path and query, escaped
	Body   []byte // nil: none
}

// Fill makes the request of a command from a body, which may be empty, and from what was
// typed over it, each as field=value. Of a command that takes a file the body is the file.
func (o Operation) Fill(body []byte, typed []string) (Request, error) {
	var root any = map[string]any{}
	if len(body) > 0 && !o.TakesFile() {
		text := json.NewDecoder(bytes.NewReader(body))
		text.UseNumber()
		if err := text.Decode(&root); err != nil {
			return Request{}, domain.Failed(err, "the body is no JSON")
		}
	}
	path, query := o.Path, url.Values{}
	for _, arg := range typed {
		field, value, ok := strings.Cut(arg, "=")
		if !ok {
			return Request{}, domain.Invalid("fields", domain.Clip(arg), "field-value", "must be written field=value", "")
		}
		f, err := o.fieldOf(field)
		if err != nil {
			return Request{}, err
		}
		switch place := "{" + field + "}"; {
		case strings.Contains(o.Path, place):
			path = strings.ReplaceAll(path, place, url.PathEscape(value))
		case o.body == nil || !o.inBody(field):
			query.Set(field, value)
		default:
			v, err := f.valueOf(field, value)
			if err != nil {
				return Request{}, err
			}
			if root, err = put(root, field, stepsOf(field, f), v); err != nil {
				return Request{}, err
			}
		}
	}
	if m := place.FindStringSubmatch(path); m != nil {
		return Request{}, domain.Invalid(m[1], "", "field-missing", "must be given", "")
	}
	r := Request{Target: path, Body: body}
	if len(query) > 0 {
		r.Target += "?" + query.Encode()
	}
	if o.body != nil {
		var err error
		if r.Body, err = json.Marshal(root); err != nil {
			return Request{}, err
		}
	}
	return r, nil
}

var (
	place = regexp.MustCompile(`\{([^{}]+)\}`)
	index = regexp.MustCompile(`\[\d+\]`)
)

// inBody reports whether a field is one of the body, which goes before a parameter of
// the same name.
func (o Operation) inBody(path string) bool {
	first, _, _ := strings.Cut(index.ReplaceAllString(path, ""), ".")
	return o.body.Properties[first] != nil
}

// fieldOf finds the field of a path, or refuses it with the nearest there are.
func (o Operation) fieldOf(path string) (Input, error) {
	general := index.ReplaceAllString(path, Listing)
	names := make([]string, len(o.Fields))
	for i, f := range o.Fields {
		names[i] = f.Path
		under, inTable := strings.CutPrefix(path, f.Path+".")
		switch {
		case f.Path == general:
			return f, nil
		case f.Path+Listing == general && f.Kind == List: // an entry of a list of texts, or one in JSON
			return Input{Path: f.Path + Listing, Kind: o.entryOf(f), Choices: f.Choices}, nil
		case inTable && f.Kind == Table && under != "":
			return Input{Path: f.Path, Kind: Text}, nil
		}
	}
	if near := wording.Nearest(general, names); len(near) > 0 {
		return Input{}, domain.Invalid(domain.Clip(path), "", "unknown-field",
			"is no field of %s; the nearest are %v", "", o.Name, near)
	}
	return Input{}, domain.Invalid(domain.Clip(path), "", "unknown-field",
		"is no field of %s; 'ledger do %s --help' lists them", "", o.Name, o.Name)
}

// entryOf is what the entries of a list are.
func (o Operation) entryOf(list Input) Kind {
	for _, f := range o.Fields {
		if strings.HasPrefix(f.Path, list.Path+Listing+".") {
			return Group
		}
	}
	return Text
}

// valueOf is what was typed as the JSON of its kind. A text stays as it was typed.
func (f Input) valueOf(path, typed string) (any, error) {
	if f.Kind == Text {
		return typed, nil
	}
	text := json.NewDecoder(strings.NewReader(typed))
	text.UseNumber()
	var v any
	err := text.Decode(&v)
	fits := err == nil && !text.More()
	switch v.(type) {
	case json.Number:
		fits = fits && f.Kind == Whole
	case bool:
		fits = fits && f.Kind == Switch
	case []any:
		fits = fits && f.Kind == List
	case map[string]any:
		fits = fits && (f.Kind == Group || f.Kind == Table)
	default:
		fits = false
	}
	if !fits {
		return nil, domain.Invalid(path, domain.Clip(typed), "wrong-kind", written[f.Kind], "")
	}
	return v, nil
}

// written says how a value of a kind is typed.
var written = map[Kind]domain.Sentence{
	Whole:  "must be a whole number",
	Switch: "must be true or false",
	List:   "must be a list in JSON, or be given entry by entry",
	Group:  "must be an object in JSON, or be given field by field",
	Table:  "must be an object in JSON, or be given field by field",
}

// step is one step down into a body: into a field, or to an entry.
type step struct {
	name  string
	entry int // with no name
}

// stepsOf cuts a path into its steps. What lies below a table is one name, dots and all.
func stepsOf(path string, f Input) (steps []step) {
	below := ""
	if under, ok := strings.CutPrefix(path, f.Path+"."); ok && f.Kind == Text {
		path, below = f.Path, under
	}
	for part := range strings.SplitSeq(path, ".") {
		name, entries, _ := strings.Cut(part, "[")
		steps = append(steps, step{name: name})
		if entries != "" {
			n, _ := strconv.Atoi(strings.TrimSuffix(entries, "]")) // fieldOf has seen digits
			steps = append(steps, step{entry: n})
		}
	}
	if below != "" {
		steps = append(steps, step{name: below})
	}
	return steps
}

// put sets a value below what there is, and returns what there is then. Entries of a list
// are given in their order: none is made up.
func put(there any, path string, steps []step, value any) (any, error) {
	if len(steps) == 0 {
		return value, nil
	}
	s := steps[0]
	if s.name == "" {
		list, _ := there.([]any)
		if s.entry > len(list) {
			return nil, domain.Invalid(path, "", "entry-missing", "entry %s of the list must be given before it", "",
				fmt.Sprintf("[%d]", len(list)))
		}
		if s.entry == len(list) {
			list = append(list, nil)
		}
		inner, err := put(list[s.entry], path, steps[1:], value)
		list[s.entry] = inner
		return list, err
	}
	object, ok := there.(map[string]any)
	if !ok {
		object = map[string]any{}
	}
	inner, err := put(object[s.name], path, steps[1:], value)
	object[s.name] = inner
	return object, err
}
