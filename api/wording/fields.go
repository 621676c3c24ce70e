package wording

import (
	_ "embed"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

//go:embed zh/names/fields.txt
var fieldFile string

//go:embed zh/names/records.txt
var recordFile string

// fields are the names that the forms give to the fields of requests.
var fields = sync.OnceValue(func() map[string]string {
	names := make(map[string]string)
	for line := range strings.Lines(fieldFile) {
		if field, name, ok := strings.Cut(strings.TrimSpace(line), " = "); ok && !strings.HasPrefix(line, "#") {
			names[field] = name
		}
	}
	return names
})

// FieldTable is the table of fields as it stands: for whoever says them elsewhere.
func FieldTable() string { return fieldFile }

// RecordTable has the names of what events hold that no request asks for, or that a
// request calls otherwise.
func RecordTable() string { return recordFile }

var element = regexp.MustCompile(`\[(\d+)\]`)

// Field names a field, given by its path in the request, as the form names it:
// lines[1].amount is 第 2 行金额（lines[1].amount）. In English the path is the name.
func (l Language) Field(path string) string { return l.FieldIn("", path) }

// FieldIn is Field where the records of a room call a field otherwise than those of the
// others: the owner of a home is 业主, that of a finding 责任人. The table names these as
// findings/owner, and those of a part of a room as projects/depot/from.
func (l Language) FieldIn(room, path string) string {
	if l == English {
		return path
	}
	name := FieldName(path)
	for ; room != ""; room = room[:max(strings.LastIndexByte(room, '/'), 0)] {
		_, last, _ := cutLast(path)
		if own := fields()[room+"/"+element.ReplaceAllString(last, "")]; own != "" {
			name = own
			break
		}
	}
	if name == "" {
		return path
	}
	if m := element.FindStringSubmatch(path); m != nil {
		n, _ := strconv.Atoi(m[1])
		name = fmt.Sprintf("第 %d 行%s", n+1, name)
	}
	return name + "（" + path + "）"
}

// FieldName is what the forms call a field, in Chinese; empty of one that none
// has.
func FieldName(path string) string {
	_, last, _ := cutLast(path)
	return fields()[element.ReplaceAllString(last, "")]
}

// cutLast cuts a path before its last name.
func cutLast(path string) (before, last string, nested bool) {
	i := strings.LastIndexByte(path, '.')
	return path[:max(i, 0)], path[i+1:], i >= 0
}
