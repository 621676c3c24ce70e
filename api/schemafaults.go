package api

import (
	"fmt"
	"net/http"
	"reflect"
	"regexp"
	"strings"

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
	{regexp.MustCompile(`^expected value to be one of "(.*)"$`), "must be one of %s"},
	{regexp.MustCompile(`^expected boolean$`), "must be true or false"},
	{regexp.MustCompile(`^expected (?:integer|number)$`), "must be a number, not in quotation marks"},
	{regexp.MustCompile(`^expected string$`), "must be text in quotation marks"},
	{regexp.MustCompile(`^expected array$`), "must be a list"},
	{regexp.MustCompile(`^expected object$`), "must be an object with fields of its own"},
	{regexp.MustCompile(`^expected length >= (\d+)$`), "must have at least %s characters"},
	{regexp.MustCompile(`^expected length <= (\d+)$`), "must have at most %s characters"},
	{regexp.MustCompile(`^expected number >= (\S+)$`), "must be at least %s"},
	{regexp.MustCompile(`^expected number <= (\S+)$`), "must be at most %s"},
	{regexp.MustCompile(`^expected array length >= (\d+)$`), "must have at least %s entries"},
	{regexp.MustCompile(`^expected array length <= (\d+)$`), "must have at most %s entries"},
	{regexp.MustCompile(`^(?:unexpected property|unknown query parameter|unexpected query parameter.*)$`), "is not known here; check its spelling, /openapi.json lists what there is"},
	{regexp.MustCompile(`^invalid (?:integer|float|number)$`), "must be a number"},
	{regexp.MustCompile(`^invalid boolean$`), "must be true or false"},
	{regexp.MustCompile(`^required (?:query|path|header|cookie) parameter is missing$`), "must be given"},
	{regexp.MustCompile(`^request body is required$`), "the request body is empty; send what is to be recorded"},
	{regexp.MustCompile(`^(?:unmarshal|invalid character|unexpected end|json:).*$`), "the body is no JSON that can be read: %s"},
}

var requiredProperty = regexp.MustCompile(`^expected required property (\S+) to be present$`)

// headlines are what the library says of a request as a whole.
var headlines = map[string]domain.Sentence{
	"validation failed":         "the request has fields that cannot be accepted; each is named",
	"unexpected error occurred": "an internal error; nothing was half-written, and a retry with the same Idempotency-Key is safe",
	"request body is required":  "the request body is empty; send what is to be recorded",
}

// schemaProblem turns the library's words into ours.
func schemaProblem(say wording.Language, status int, msg string, errs []error) *Problem {
	detail, known := headlines[msg]
	if !known && status == http.StatusRequestEntityTooLarge {
		detail, known = "the request is larger than is accepted; send it in parts", true
	}
	text := msg
	if known {
		text = say.Sayf(detail)
	}
	p := problemIn(status, codeOf(status), text)
	for _, err := range errs {
		if err == nil {
			continue
		}
		v := schemaViolation(say, err)
		p.Violations = append(p.Violations, v)
		if len(p.Violations) == 1 {
			p.Detail = say.Refusal(&domain.Rejection{Field: v.Field, Value: v.Value, Rule: domain.Say("%s", v.Rule)})
		}
	}
	return p
}

// schemaViolation names the field, its value where it has one of its own, and
// the rule.
func schemaViolation(say wording.Language, err error) Violation {
	d := &huma.ErrorDetail{Message: err.Error()}
	if detailed, ok := err.(huma.ErrorDetailer); ok {
		d = detailed.ErrorDetail()
	}
	field := strings.TrimPrefix(d.Location, "body")
	for _, part := range []string{".", "query.", "path.", "header.", "cookie."} {
		field = strings.TrimPrefix(field, part)
	}
	if m := requiredProperty.FindStringSubmatch(d.Message); m != nil {
		if field != "" {
			field += "."
		}
		return Violation{Field: field + m[1], Rule: say.Sayf("must be given")}
	}
	v := Violation{Field: field, Value: plainValue(d.Value), Rule: d.Message}
	for _, f := range schemaFaults {
		m := f.pattern.FindStringSubmatch(d.Message)
		if m == nil {
			continue
		}
		var figures []any
		if strings.Contains(string(f.says), "%s") {
			figures = []any{m[len(m)-1]}
		}
		v.Rule = say.Sayf(f.says, figures...)
		break
	}
	return v
}

// plainValue is a value that a person sent in one field; of an object or a list
// the fields are what is named.
func plainValue(v any) string {
	switch reflect.ValueOf(v).Kind() {
	case reflect.Invalid, reflect.Map, reflect.Slice, reflect.Struct, reflect.Pointer:
		return ""
	}
	return domain.Clip(fmt.Sprint(v))
}
