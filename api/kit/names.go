package kit

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// This file says what people are called, beside the logins that answers name them
// by: "by": "wang.fang" is followed by "byName": "王芳". It stands here once, for
// every answer there is and will be; a login that is nobody's stays alone.

// NamingJSON is the format of answers that name people. Name is what a person is
// called, empty for what is nobody's login.
func NamingJSON(name func(login string) string) huma.Format {
	return huma.Format{
		Marshal: func(w io.Writer, v any) error {
			var b bytes.Buffer
			enc := json.NewEncoder(&b)
			enc.SetEscapeHTML(false)
			if err := enc.Encode(v); err != nil {
				return err
			}
			_, err := w.Write(withNames(b.Bytes(), name))
			return err
		},
		Unmarshal: json.Unmarshal,
	}
}

// PeopleIn are the people whom an answer names, by login: what reads back what
// NamingJSON put there.
func PeopleIn(answer []byte) map[string]string {
	people := make(map[string]string)
	eachPerson(answer, func(login, name string) {
		if name != "" {
			people[login] = name
		}
	})
	return people
}

// LoginsIn are what some JSON has in the fields that bear a login, each once, in order.
func LoginsIn(data []byte) []string {
	logins := make(map[string]bool)
	eachPerson(data, func(login, _ string) {
		if login != "" {
			logins[login] = true
		}
	})
	return slices.Sorted(maps.Keys(logins))
}

// eachPerson calls each with what the fields of some JSON that bear a login have, and
// with the name beside it, if there is one. What is no JSON names nobody.
func eachPerson(data []byte, each func(login, name string)) {
	var all any
	if json.Unmarshal(data, &all) != nil {
		return
	}
	var look func(any)
	look = func(at any) {
		switch at := at.(type) {
		case []any:
			for _, one := range at {
				look(one)
			}
		case map[string]any:
			for field, value := range at {
				if login, isText := value.(string); isText && bears(field) {
					name, _ := at[field+"Name"].(string)
					each(login, name)
				}
				look(value)
			}
		}
	}
	look(all)
}

// bears reports whether a field of an answer holds the login of a person. Those of
// whom a paper says the name only, or that are moments, hold none.
func bears(field string) bool {
	switch field {
	case "by", "actor", "owner", "person", "technician", "who":
		return true
	case "replyBy", "respondBy", "sortBy", "claimedBy":
		return false
	}
	return strings.HasSuffix(field, "By")
}

// withNames puts names into an answer. What it is given is JSON as encoding/json
// writes it: without blanks between its parts.
func withNames(answer []byte, name func(string) string) []byte {
	var out []byte
	from := 0 // what of the answer is in out
	for i := 0; i < len(answer); {
		if answer[i] != '"' {
			i++
			continue
		}
		end := afterString(answer, i)
		field := answer[i:end]
		if i = end; i+1 >= len(answer) || answer[i] != ':' || answer[i+1] != '"' {
			continue
		}
		end = afterString(answer, i+1)
		value := answer[i+1 : end]
		i = end
		if key := string(field[1 : len(field)-1]); bears(key) {
			if called := name(unquoted(value)); called != "" {
				text, _ := json.Marshal(called)
				out = append(out, answer[from:i]...)
				out = append(append(out, `,"`+key+`Name":`...), text...)
				from = i
			}
		}
	}
	if from == 0 {
		return answer
	}
	return append(out, answer[from:]...)
}

// afterString is where the string ends that begins at i.
func afterString(b []byte, i int) int {
	for i++; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(b)
}

func unquoted(value []byte) (s string) {
	_ = json.Unmarshal(value, &s)
	return s
}

// DescribeNames adds the names to the description of every answer that bears a
// login. What a request sends is not changed.
func DescribeNames(doc *huma.OpenAPI) {
	sent, answered := map[string]bool{}, map[string]bool{}
	for _, item := range doc.Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if op == nil {
				continue
			}
			if op.RequestBody != nil {
				for _, m := range op.RequestBody.Content {
					collect(doc, m.Schema, sent)
				}
			}
			for _, r := range op.Responses {
				for _, m := range r.Content {
					collect(doc, m.Schema, answered)
				}
			}
		}
	}
	schemas := doc.Components.Schemas.Map()
	for name := range answered {
		if s := schemas[name]; !sent[name] && s.Properties != nil {
			for _, field := range slices.Collect(maps.Keys(s.Properties)) {
				if _, there := s.Properties[field+"Name"]; bears(field) && !there && s.Properties[field].Type == huma.TypeString {
					s.Properties[field+"Name"] = &huma.Schema{
						Type: huma.TypeString, Description: "What the person is called; absent where " + field + " is no user's login",
					}
				}
			}
		}
	}
}

// collect finds the named schemas that a schema is made of.
func collect(doc *huma.OpenAPI, s *huma.Schema, into map[string]bool) {
	if s == nil {
		return
	}
	if name := s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]; name != "" {
		if into[name] {
			return
		}
		into[name] = true
		s = doc.Components.Schemas.Map()[name]
	}
	collect(doc, s.Items, into)
	for _, p := range s.Properties {
		collect(doc, p, into)
	}
	for _, of := range [][]*huma.Schema{s.AllOf, s.AnyOf, s.OneOf} {
		for _, p := range of {
			collect(doc, p, into)
		}
	}
}
