package kit

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"aftersales-ledger/api/wording"
	"aftersales-ledger/domain"
)

// schemaFaults is the one mapping from what the library says of a request that
// breaks its schema to what we say. The figures of the pattern are those of the
// sentence.
var schemaFaults = []struct {
	pattern *regexp.Regexp
	says    domain.Sentence
}{
	{regexp.MustCompile(`^expected value to be one of "(.*)"$`), "must be one of %v"},
	{regexp.MustCompile(`^expected boolean$`), "must be true or false"},
	{regexp.MustCompile(`^expected (?:integer|number)$`), "must be a number, not in quotation marks"},
	{regexp.MustCompile(`^expected string$`), "must be text in quotation marks"},
	{regexp.MustCompile(`^expected array$`), "must be a list"},
	{regexp.MustCompile(`^expected object$`), "must be an object with fields of its own"},
	{regexp.MustCompile(`^expected length >= (\d+)$`), "must have at least %s characters"},
	{regexp.MustCompile(`^expected length <= (\d+)$`), "must have at most %s characters"},
	{regexp.MustCompile(`^expected number >= (\S+)$`), "must be at least %s"},
	{regexp.MustCompile(`^expected number <= (\S+)$`), "must be at most %s"},
	{regexp.MustCompile(`^invalid (?:integer|float|number)$`), "must be a number"},
	{regexp.MustCompile(`^invalid boolean$`), "must be true or false"},
	{regexp.MustCompile(`^expected string to match pattern \^\(W/\)`), "must be an ETag as an answer bore it, such as \"account-C01:12\""},
	{regexp.MustCompile(`^expected string to match pattern `), "is not written as it must be; /openapi.json says how"},
	{regexp.MustCompile(`^required (?:query|path|header|cookie) parameter is missing$`), "must be given"},
	{regexp.MustCompile(`^request body is required$`), "the request body is empty; send what is to be recorded"},
}

var requiredProperty = regexp.MustCompile(`^expected required property (\S+) to be present$`)

// headlines are what the library says of a request as a whole.
var headlines = map[string]domain.Sentence{
	"validation failed":         "the request has fields that cannot be accepted; each is named",
	"unexpected error occurred": "an internal error; nothing was half-written, and a retry with the same Idempotency-Key is safe",
	"request body is required":  "the request body is empty; send what is to be recorded",
}

// plainAtDoor are the fields of the door that hold no secret: any other may, a misspelt one too.
var plainAtDoor = map[string]bool{
	"days": true, "name": true, "role": true, "login": true, "reason": true, "tokens": true, "limit": true, "what": true,
	"address": true, "from": true, "until": true, "before": true, "object": true,
}

// schemaProblem turns the library's words into ours. Values are left out where one
// of them may be a secret.
func schemaProblem(
	say wording.Language, room string, status int, msg string, errs []error, known fieldsAt, secret bool,
) *Problem {
	detail, ours := headlines[msg]
	if !ours && status == http.StatusRequestEntityTooLarge {
		detail, ours = "the request is larger than is accepted; send a smaller file, or many rows in parts", true
	}
	text := msg
	if ours {
		text = say.Sayf(detail)
	}
	p := ProblemIn(say, status, codeOf(status), text)
	if status == http.StatusUnsupportedMediaType {
		_, given, _ := strings.Cut(msg, "unknown content type: ")
		p.Detail = say.Sayf("the body is said to be %q; send it as JSON (Content-Type: application/json), or a file as the operation describes",
			domain.Clip(given))
		return p // of no field
	}
	for _, err := range errs {
		if err == nil {
			continue
		}
		if detailed, ok := err.(huma.ErrorDetailer); ok && notJSON.MatchString(err.Error()) {
			p.Detail = say.Say(whereItBreaks(detailed.ErrorDetail().Value))
			continue // there are no fields yet that could be named
		}
		if isWrongBody(err) {
			p.Detail = say.Sayf("the request body must be an object with fields of its own")
			continue
		}
		v := schemaViolation(say, err, known)
		if secret && !plainAtDoor[v.Field] {
			v.Value = ""
		}
		p.Violations = append(p.Violations, v)
		if len(p.Violations) == 1 {
			p.Detail = say.RefusalIn(room, &domain.Rejection{Field: v.Field, Value: v.Value, Rule: domain.Say("%s", v.Rule)})
		}
	}
	return p
}

// schemaViolation names the field, its value where it has one of its own, and
// the rule.
func schemaViolation(say wording.Language, err error, known fieldsAt) Violation {
	d := &huma.ErrorDetail{Message: err.Error()}
	if detailed, ok := err.(huma.ErrorDetailer); ok {
		d = detailed.ErrorDetail()
	}
	field := strings.TrimPrefix(d.Location, "body")
	for _, part := range []string{".", "query.", "path.", "header.", "cookie."} {
		field = strings.TrimPrefix(field, part)
	}
	if strings.HasPrefix(d.Location, "query.") { // a list of a query is sent under one name, and has no rows
		field = listElement.ReplaceAllString(field, "")
	}
	if m := requiredProperty.FindStringSubmatch(d.Message); m != nil {
		if field != "" {
			field += "."
		}
		return Violation{Field: field + m[1], Rule: say.Sayf("must be given")}
	}
	v := Violation{Field: field, Value: plainValue(d.Value), Rule: d.Message}
	if misspelt.MatchString(d.Message) {
		return misspeltField(say, d, field, known)
	}
	if m := listLength.FindStringSubmatch(d.Message); m != nil {
		bounds := map[string]domain.Sentence{
			">=": "has %d entries; must have at least %s", "<=": "has %d entries; must have at most %s",
		}
		entries := 0
		if list := reflect.ValueOf(d.Value); list.Kind() == reflect.Slice {
			entries = list.Len()
		}
		v.Rule = say.Sayf(bounds[m[1]], entries, m[2])
		return v
	}
	for _, f := range schemaFaults {
		m := f.pattern.FindStringSubmatch(d.Message)
		if m == nil {
			continue
		}
		var figures []any
		switch {
		case strings.Contains(string(f.says), "%v"):
			figures = []any{wording.Codes(strings.Split(m[1], ", "))}
		case strings.Contains(string(f.says), "%s"):
			figures = []any{m[len(m)-1]}
		}
		v.Rule = say.Sayf(f.says, figures...)
		break
	}
	return v
}

// isWrongBody tells a body that is no object: no field of it can be named.
func isWrongBody(err error) bool {
	detailed, ok := err.(huma.ErrorDetailer)
	return ok && detailed.ErrorDetail().Location == "body" && detailed.ErrorDetail().Message == "expected object"
}

// listLength is what the library says of a list that is too short or too long.
var listLength = regexp.MustCompile(`^expected array length (>=|<=) (\d+)$`)

// notJSON is what the library says of a body that is no JSON.
var notJSON = regexp.MustCompile(`(?:^|: )(?:unmarshal|invalid character|unexpected end|unexpected EOF|exceeded max depth|json:)`)

// whereItBreaks says of a body that is no JSON what cannot be read in it, and where.
func whereItBreaks(body any) domain.Text {
	var text []byte
	switch body := body.(type) {
	case []byte:
		text = body
	case string:
		text = []byte(body)
	}
	var into any
	var syntax *json.SyntaxError
	if !errors.As(json.Unmarshal(text, &into), &syntax) {
		return domain.Say("the body is no JSON that can be read")
	}
	at := min(int(syntax.Offset), len(text))
	if strings.HasPrefix(syntax.Error(), "unexpected end") || at == 0 {
		return domain.Say("the body is no JSON that can be read: it breaks off at its end, where a bracket, a brace or a quotation mark is still to be closed")
	}
	before := text[:at-1]
	line := bytes.Count(before, []byte("\n"))
	column := utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
	wrong, _ := utf8.DecodeRune(text[at-1:])
	return domain.Say("the body is no JSON that can be read: in line %d, character %d, there is “%s”, which cannot stand there",
		line+1, column+1, string(wrong))
}

var listElement = regexp.MustCompile(`\[\d+\]$`)

var misspelt = regexp.MustCompile(`^(?:unexpected property|unknown query parameter|unexpected query parameter.*)$`)

// misspeltField names a field that is not known, what it was given, and the
// known one that is nearest.
func misspeltField(say wording.Language, d *huma.ErrorDetail, field string, known fieldsAt) Violation {
	path, last := "", d.Location
	if i := strings.LastIndexByte(d.Location, '.'); i >= 0 {
		path, last = d.Location[:i], d.Location[i+1:]
	}
	v := Violation{Field: field, Value: plainValue(d.Value)}
	if object, ok := d.Value.(map[string]any); ok { // the library hands over what the field is in
		v.Value = plainValue(object[last])
	}
	var there []string
	if known != nil {
		there = known(path)
	}
	near := wording.Nearest(last, there)
	switch inQuery := path == "query"; {
	case inQuery && len(there) == 0:
		v.Rule = say.Sayf("is no parameter of this question, which has none")
	case inQuery && len(near) == 0:
		v.Rule = say.Sayf("is no parameter of this question; there are %v", fieldNames(say, there))
	case inQuery:
		v.Rule = say.Sayf("is no parameter of this question; the nearest are %v", fieldNames(say, near))
	case len(near) > 0:
		v.Rule = say.Sayf("is not known here; the nearest are %v", fieldNames(say, near))
	default:
		v.Rule = say.Sayf("is not known here; check its spelling, /openapi.json lists what there is")
	}
	return v
}

// fieldNames are fields as people call them.
func fieldNames(say wording.Language, fields []string) (names []string) {
	for _, field := range fields {
		names = append(names, say.Field(field))
	}
	return names
}

// asSent gives the parameters of a query that are not known the values that were sent, which
// the library leaves out, and puts them in order: it finds them in none.
func asSent(query url.Values, errs []error) []error {
	name := func(err error) string {
		if d, ok := err.(*huma.ErrorDetail); ok && misspelt.MatchString(d.Message) {
			if name, ok := strings.CutPrefix(d.Location, "query."); ok {
				return name
			}
		}
		return ""
	}
	errs = slices.Clone(errs)
	for i, err := range errs {
		if n := name(err); n != "" {
			d := *err.(*huma.ErrorDetail)
			d.Value = strings.Join(query[n], ", ")
			errs[i] = &d
		}
	}
	slices.SortStableFunc(errs, func(a, b error) int { return strings.Compare(name(a), name(b)) })
	return errs
}

// fieldsAt lists the names of the fields at a path of a request: those of its
// query, or of an object in its body.
type fieldsAt func(path string) []string

type registryKey struct{}

// WithSchemas lets refusals look into the schema of what is asked, and call its fields as
// the records do that the request is about.
func (s *Service) WithSchemas(ctx huma.Context, next func(huma.Context)) {
	ctx = huma.WithValue(ctx, roomKey{}, roomAt(ctx.Operation().Path))
	next(huma.WithValue(ctx, registryKey{}, s.API.OpenAPI().Components.Schemas))
}

// knownFields are the fields of the request in ctx.
func knownFields(ctx huma.Context) fieldsAt {
	if ctx == nil || ctx.Operation() == nil {
		return nil
	}
	schemas, _ := ctx.Context().Value(registryKey{}).(huma.Registry)
	op := ctx.Operation()
	return func(path string) (fields []string) {
		if path == "query" {
			for _, p := range op.Parameters {
				if p.In == "query" {
					fields = append(fields, p.Name)
				}
			}
			return fields
		}
		if schemas == nil || op.RequestBody == nil || op.RequestBody.Content["application/json"] == nil {
			return nil
		}
		schema := op.RequestBody.Content["application/json"].Schema
		for _, part := range strings.Split(path, ".")[1:] { // the first is the body itself
			name, _, _ := strings.Cut(part, "[")
			schema = resolved(schemas, schema)
			if schema == nil {
				return nil
			}
			schema = schema.Properties[name]
		}
		if schema = resolved(schemas, schema); schema == nil {
			return nil
		}
		return slices.Sorted(maps.Keys(schema.Properties))
	}
}

// resolved is a schema, or that of a list's elements, where it is written down.
func resolved(schemas huma.Registry, s *huma.Schema) *huma.Schema {
	for s != nil && (s.Ref != "" || s.Items != nil) {
		if s.Ref != "" {
			s = schemas.SchemaFromRef(s.Ref)
		} else {
			s = s.Items
		}
	}
	return s
}

// plainValue is a value that a person sent in one field; of an object or a list
// the fields are what is named.
func plainValue(v any) string {
	if n, isNumber := v.(float64); isNumber { // as people write it: 20250203, not 2.0250203e+07
		return domain.Clip(strconv.FormatFloat(n, 'f', -1, 64))
	}
	switch reflect.ValueOf(v).Kind() {
	case reflect.Invalid, reflect.Map, reflect.Slice, reflect.Struct, reflect.Pointer:
		return ""
	}
	return domain.Clip(fmt.Sprint(v))
}
