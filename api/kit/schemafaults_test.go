package kit

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"aftersales-ledger/api/wording"
)

func TestABrokenSchemaIsSaidInOurWords(t *testing.T) {
	for name, tt := range map[string]struct {
		err              error
		field, value     string
		chinese, english string
	}{
		"a field that is missing": {
			&huma.ErrorDetail{
				Location: "body", Message: "expected required property project to be present",
				Value: map[string]any{"item": "P036"},
			},
			"project", "", "必须填写", "must be given",
		},
		"one that is missing in a line": {
			&huma.ErrorDetail{
				Location: "body.lines[1]", Message: "expected required property item to be present", Value: map[string]any{},
			},
			"lines[1].item", "", "必须填写", "must be given",
		},
		"a value that is none of those possible": {
			&huma.ErrorDetail{Location: "body.form", Message: `expected value to be one of "F1, F3, F4"`, Value: "F9"},
			"form", "F9", "须为下列之一：故障处理记录表（F1）、收费明细表（F3）、售后服务月报（F4）", "must be one of F1, F3, F4",
		},
		"a blank form that there is not": {
			&huma.ErrorDetail{Location: "path.form", Message: `expected value to be one of "F0, COUNT"`, Value: "F9"},
			"form", "F9", "须为下列之一：项目安防设备服务登记表（F0）、盘点表（COUNT）", "must be one of F0, COUNT",
		},
		"a code that two enumerations have": {
			&huma.ErrorDetail{
				Location: "query.kind", Message: `expected value to be one of "REPAIR, COMPENSATION"`, Value: "BUY",
			},
			"kind", "BUY", "须为下列之一：返修（REPAIR）、赔偿（COMPENSATION）", "must be one of REPAIR, COMPENSATION",
		},
		"an element of a list of a query, which has no rows": {
			&huma.ErrorDetail{
				Location: "query.kind[0]", Message: `expected value to be one of "REPAIR, COMPENSATION"`, Value: "BUY",
			},
			"kind", "BUY", "须为下列之一：返修（REPAIR）、赔偿（COMPENSATION）", "must be one of REPAIR, COMPENSATION",
		},
		"a list that is too long": {
			&huma.ErrorDetail{Location: "body.lines", Message: "expected array length <= 500", Value: []any{1}},
			"lines", "", "有 1 项，最多 500 项", "has 1 entries; must have at most 500",
		},
		"a field that is misspelt": {
			&huma.ErrorDetail{
				Location: "body.projekt", Message: validation.MsgUnexpectedProperty, Value: map[string]any{"projekt": "P036"},
			},
			"projekt", "P036", "不是这里的字段；最接近的有：项目（project）", "is not known here; the nearest are project",
		},
		"a field that is like none": {
			&huma.ErrorDetail{
				Location: "body.colour", Message: validation.MsgUnexpectedProperty, Value: map[string]any{"colour": "red"},
			},
			"colour", "red", "不是这里的字段；请核对拼写，/openapi.json 列有全部字段", "is not known here; check its spelling, /openapi.json lists what there is",
		},
		"a number where text belongs, as it was written": {
			&huma.ErrorDetail{Location: "body.receivedOn", Message: "expected string", Value: 20250203.0},
			"receivedOn", "20250203", "须为加引号的文字", "must be text in quotation marks",
		},
		"a number that is none": {
			&huma.ErrorDetail{Location: "query.limit", Message: "invalid integer", Value: "x"}, "limit", "x", "须为数字",
			"must be a number",
		},
	} {
		t.Run(name, func(t *testing.T) {
			for say, rule := range map[wording.Language]string{wording.Chinese: tt.chinese, wording.English: tt.english} {
				if v := schemaViolation(say, tt.err,
					func(
						string,
					) []string {
						return []string{"item", "project"}
					}); v.Field != tt.field || v.Value != tt.value || v.Rule != rule {
					t.Errorf("%s: %+v", say, v)
				}
			}
		})
	}
}

// A body that is no JSON has no fields: what is said is where it cannot be read, and not in
// the words of a program.
func TestABodyThatIsNoJSONIsToldWhereItBreaks(t *testing.T) {
	for body, chinese := range map[string]string{
		`{"project": `:                    "请求正文不是可读取的 JSON：到末尾仍不完整，有括号或引号没有闭合",
		"{\"a\": 1,\n \"金额\": ５}":         "请求正文不是可读取的 JSON：第 2 行第 8 个字符“５”不应出现在此处",
		`project=P001&item=MOVE-01`:       "请求正文不是可读取的 JSON：第 1 行第 1 个字符“p”不应出现在此处",
		`{"lines": [{"charge": "F-1",}]}`: "请求正文不是可读取的 JSON：第 1 行第 29 个字符“}”不应出现在此处",
	} {
		var into any
		err := &huma.ErrorDetail{Location: "body", Message: json.Unmarshal([]byte(body), &into).Error(), Value: body}
		p := schemaProblem(wording.Chinese, "", http.StatusBadRequest, "validation failed", []error{err}, nil, false)
		if p.Detail != chinese || len(p.Violations) > 0 {
			t.Errorf("%.40s: %q %+v", body, p.Detail, p.Violations)
		}
	}
}

func TestABodyThatIsNoObjectNamesNoField(t *testing.T) {
	err := &huma.ErrorDetail{Location: "body", Message: "expected object", Value: []any{}}
	p := schemaProblem(wording.Chinese, "", http.StatusUnprocessableEntity, "validation failed", []error{err}, nil, false)
	if p.Detail != "请求正文须为含有字段的对象" || len(p.Violations) > 0 {
		t.Errorf("%q %+v", p.Detail, p.Violations)
	}
}

// Who misspells a parameter of a question is told what they sent and what is near or, where
// nothing is, what there is.
func TestAMisspeltParameterIsNamedWithItsValueAndWhatThereIs(t *testing.T) {
	errs := func(names ...string) (errs []error) {
		for _, n := range names {
			errs = append(errs, &huma.ErrorDetail{Location: "query." + n, Message: "unknown query parameter", Value: ""})
		}
		return errs
	}
	query := url.Values{"centre": {"C01"}, "foo": {"1", "2"}}
	p := schemaProblem(wording.Chinese, "", http.StatusUnprocessableEntity, "validation failed",
		asSent(query, errs("foo", "centre")), func(string) []string { return []string{"center", "region"} }, false)
	want := []Violation{
		{Field: "centre", Value: "C01", Rule: "不是这里的查询条件；最接近的有：物业服务中心（center）"},
		{Field: "foo", Value: "1, 2", Rule: "不是这里的查询条件；可用的有物业服务中心（center）、区域（region）"},
	}
	if !slices.Equal(p.Violations, want) || p.Detail != "centre“C01”："+want[0].Rule {
		t.Errorf("%q %+v", p.Detail, p.Violations)
	}
	p = schemaProblem(wording.English, "", http.StatusUnprocessableEntity, "validation failed",
		asSent(query, errs("centre")), func(string) []string { return nil }, false)
	if p.Detail != `centre "C01" is no parameter of this question, which has none` {
		t.Errorf("%q", p.Detail)
	}
}

// No word of the library's, and no pattern of a program's, reaches who asks; what holds no
// secret is quoted at the door, too.
func TestWhatTheLibrarySaysOfAHeaderOrABodyIsSaidInOurWords(t *testing.T) {
	said := func(status int, msg string, secret bool, errs ...error) *Problem {
		return schemaProblem(wording.Chinese, "", status, msg, errs, nil, secret)
	}
	p := said(http.StatusUnprocessableEntity, "validation failed", false,
		&huma.ErrorDetail{Location: "header.If-Match", Message: `expected string to match pattern ^(W/)?"x`, Value: "abc"})
	if p.Detail != `所见版本（If-Match）“abc”：须为应答中给出的 ETag，如 "account-C01:12"` {
		t.Error(p.Detail)
	}
	p = said(http.StatusUnsupportedMediaType, "unknown content type: text/xml", false,
		&huma.ErrorDetail{Location: "body", Message: "unknown content type: text/xml", Value: "<a/>"})
	if !strings.HasPrefix(p.Detail, "请求正文注明的类型是“text/xml”；请以 JSON 提交") || len(p.Violations) > 0 {
		t.Errorf("%s %+v", p.Detail, p.Violations)
	}
	p = said(http.StatusUnprocessableEntity, "validation failed", true,
		&huma.ErrorDetail{Location: "body.days", Message: "expected number <= 366", Value: 9999.0},
		&huma.ErrorDetail{
			Location: "body.pasword", Message: validation.MsgUnexpectedProperty, Value: map[string]any{"pasword": "s3cret"},
		})
	if p.Violations[0].Value != "9999" || p.Violations[1].Value != "" {
		t.Errorf("%+v", p.Violations)
	}
}
