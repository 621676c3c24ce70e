package api

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/api/wording"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/names"
)

// csvType is what asks for a list as a file.
const csvType = "text/csv"

// exports answers a list as a file of all its rows to whoever accepts text/csv:
// the same question, asked page by page of the same routes with the same
// credentials, so that it shows what the caller may see and nothing else. The
// file says at its head what was asked, at which cut, how many rows it has and
// what each column of amounts sums to.
//
// Export-Columns names the fields and their heads, `open=Open;ageing.notDue=…`,
// percent-encoded; absent, all fields there are, by the names that programs know.
// Export-Title is the first line, and the file's name; absent, what the list is called.
func exports(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || !strings.HasPrefix(r.URL.Path, "/v1/") || r.URL.Query().Has("format") ||
			!strings.HasPrefix(r.Header.Get("Accept"), csvType) {
			next.ServeHTTP(w, r)
			return
		}
		e := export{title: unescaped(r.Header.Get("Export-Title")), columns: exportColumns(r.Header.Get("Export-Columns"))}
		if e.title == "" {
			e.title = titleOf(wording.Choose(r.Header.Get("Accept-Language")), r.URL.Path)
		}
		e.chosen = len(e.columns) > 0
		rows, err := os.CreateTemp("", "export-*.csv")
		if err != nil {
			kit.RespondProblem(w, kit.ProblemOf(r.Context(), err))
			return
		}
		defer func() {
			_ = rows.Close()
			_ = os.Remove(rows.Name())
		}()
		e.rows = csv.NewWriter(rows)
		for cursor := ""; ; {
			page := httptest.NewRecorder()
			next.ServeHTTP(page, pageOf(r.WithContext(kit.Exporting(r.Context(), &e.by)), cursor))
			if page.Code != http.StatusOK {
				relay(w, page)
				return
			}
			if cursor, err = e.add(page.Body.Bytes()); err != nil {
				kit.RespondProblem(w, kit.NewProblem(wording.With(r.Context(), wording.Choose(r.Header.Get("Accept-Language"))),
					http.StatusNotAcceptable, "no-list",
					"%s is no list; only lists are answered as files", r.URL.Path))
				return
			}
			if cursor == "" {
				break
			}
		}
		e.rows.Flush()
		if _, err := rows.Seek(0, io.SeekStart); err != nil || e.rows.Error() != nil {
			kit.RespondProblem(w, kit.ProblemOf(r.Context(), fmt.Errorf("export: %w", e.rows.Error())))
			return
		}
		h := w.Header()
		h.Set("Content-Type", csvType+"; charset=utf-8")
		h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(e.title)+".csv")
		_, _ = io.WriteString(w, "\uFEFF") // a spreadsheet takes it for UTF-8
		_ = csv.NewWriter(w).WriteAll(e.head(r))
		_ = e.copyRows(w, rows) // a reader that went away is its own affair
	})
}

// pageOf is the question for one page, as JSON.
func pageOf(r *http.Request, cursor string) *http.Request {
	page := r.Clone(r.Context())
	page.Header.Set("Accept", "application/json")
	page.Header.Del("Accept-Encoding")
	page.Header.Del("If-None-Match")
	query := page.URL.Query()
	query.Set("limit", "1000")
	if cursor != "" {
		query.Set("cursor", cursor)
	}
	page.URL.RawQuery = query.Encode()
	page.RequestURI = page.URL.RequestURI()
	return page
}

func relay(w http.ResponseWriter, page *httptest.ResponseRecorder) {
	for name, values := range page.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(page.Code)
	_, _ = w.Write(page.Body.Bytes())
}

// export is a file in the making.
type export struct {
	title   string
	columns []exportColumn
	chosen  bool  // the columns, by who asks: no others are added
	order   []int // of the columns in the file, where they are not chosen
	rows    *csv.Writer
	by      kit.Export
	count   int
	asOf    string
	known   string
	at      uint64 // log position
}

type exportColumn struct {
	field, head string
	sum         money.Amount
	amounts     int // cells that are amounts
	others      int // cells that are not
}

func unescaped(s string) string {
	if plain, err := url.PathUnescape(s); err == nil {
		return plain
	}
	return s
}

func exportColumns(header string) (columns []exportColumn) {
	for part := range strings.SplitSeq(header, ";") {
		if field, head, ok := strings.Cut(part, "="); ok {
			columns = append(columns, exportColumn{field: strings.TrimSpace(field), head: unescaped(head)})
		}
	}
	return columns
}

// add writes the rows of one answer and returns the cursor of the next.
func (e *export) add(body []byte) (next string, err error) {
	var answer struct {
		AsOf      string `json:"asOf"`
		KnownAt   string `json:"knownAt"`
		ReadModel struct {
			Position uint64 `json:"position"`
		} `json:"readModel"`
		Rows *[]json.RawMessage `json:"rows"`
		Next string             `json:"next"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return "", err
	}
	if answer.Rows == nil && !bytes.Contains(body, []byte(`"rows":null`)) {
		return "", fmt.Errorf("no rows")
	}
	if e.count == 0 {
		e.asOf, e.known, e.at = answer.AsOf, answer.KnownAt, answer.ReadModel.Position
	}
	if answer.Rows == nil {
		return "", nil
	}
	for _, raw := range *answer.Rows {
		fields, names, err := flattened(raw)
		if err != nil {
			return "", err
		}
		if !e.chosen {
			e.know(names)
		}
		cells := make([]string, len(e.columns))
		for i := range e.columns {
			cells[i] = e.columns[i].cell(fields[e.columns[i].field])
		}
		if err := e.rows.Write(cells); err != nil {
			return "", err
		}
		e.count++
	}
	return answer.Next, nil
}

// know adds the columns that a row is the first to have, each beside the one it follows there.
func (e *export) know(names []string) {
	beside := 0
	for _, name := range names {
		at := slices.IndexFunc(e.columns, func(c exportColumn) bool { return c.field == name })
		if at < 0 {
			at = len(e.columns)
			e.columns = append(e.columns, exportColumn{field: name, head: name})
			e.order = slices.Insert(e.order, beside, at)
		}
		beside = slices.Index(e.order, at) + 1
	}
}

// inOrder puts cells that were written as columns came to be known where they belong: a row
// from before a column was known has none there.
func (e *export) inOrder(cells []string) []string {
	if e.chosen {
		return cells
	}
	row := make([]string, len(e.order))
	for to, from := range e.order {
		if from < len(cells) {
			row[to] = cells[from]
		}
	}
	return row
}

// copyRows writes the rows, which stand as they are where the columns were chosen.
func (e *export) copyRows(w io.Writer, rows io.Reader) error {
	if e.chosen {
		_, err := io.Copy(w, rows)
		return err
	}
	file := csv.NewWriter(w)
	in := csv.NewReader(rows)
	in.FieldsPerRecord = -1
	for {
		cells, err := in.Read()
		if err == io.EOF {
			file.Flush()
			return file.Error()
		}
		if err == nil {
			err = file.Write(e.inOrder(cells))
		}
		if err != nil {
			return err
		}
	}
}

// perUnit are figures that look like amounts and of which a sum says nothing: rates, and
// what one unit costs.
var perUnit = []string{"taxRate", "unitPrice", "averageCost", "warrantyCost"}

// yuan is an amount as answers write it.
var yuan = regexp.MustCompile(`^-?\d+\.\d\d$`)

// cell counts a value among its column's, and makes it harmless: a spreadsheet
// takes what begins like a formula for one.
func (c *exportColumn) cell(value string) string {
	if value == "" {
		return ""
	}
	if amount, err := money.Parse(value); err == nil && yuan.MatchString(value) && !slices.Contains(perUnit, c.field) {
		c.amounts++
		c.sum = c.sum.Add(amount)
		return value
	}
	c.others++
	if strings.ContainsRune("=+-@\t\r", rune(value[0])) {
		return "'" + value
	}
	return value
}

// flattened is a row's fields by their paths, and the paths in their order.
func flattened(raw json.RawMessage) (fields map[string]string, names []string, err error) {
	fields = make(map[string]string)
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var walk func(path string) error
	walk = func(path string) error {
		token, err := dec.Token()
		if err != nil {
			return err
		}
		switch v := token.(type) {
		case json.Delim:
			for i := 0; dec.More(); i++ {
				inner := path
				if v == '{' {
					key, err := dec.Token()
					if err != nil {
						return err
					}
					inner = strings.TrimPrefix(path+"."+key.(string), ".")
				}
				if err := walk(inner); err != nil {
					return err
				}
			}
			_, err := dec.Token()
			return err
		case nil:
			return nil
		default:
			text := fmt.Sprint(v)
			if known, ok := fields[path]; ok {
				text = known + "; " + text // a list of several
			} else {
				names = append(names, path)
			}
			fields[path] = text
			return nil
		}
	}
	return fields, names, walk("")
}

// filtersIn says what a list was narrowed to, by what people call it.
func filtersIn(say wording.Language, asked url.Values) string {
	var filters []string
	for _, name := range slices.Sorted(maps.Keys(asked)) {
		called := name
		if in := wording.FieldName(name); in != "" && say == wording.Chinese {
			called = in
		}
		filters = append(filters, called+"="+strings.Join(asked[name], ","))
	}
	return strings.Join(filters, "; ")
}

// called is what whoever took the file is called, by login.
func (e *export) called(login string) string {
	if login != e.by.Login {
		return ""
	}
	return e.by.Name
}

// head says what the file answers.
func (e *export) head(r *http.Request) [][]string {
	say := wording.Choose(r.Header.Get("Accept-Language"))
	line := func(s domain.Sentence, args ...any) []string { return []string{say.Sayf(s, args...)} }
	asked := r.URL.Query()
	for _, cut := range []string{"asOf", "knownAt", "after", "limit", "cursor"} {
		asked.Del(cut)
	}
	head := [][]string{{e.title}, line("as of %s, as known at %s, log position %d", e.asOf, e.known, e.at)}
	if len(asked) > 0 {
		head = append(head, line("filters: %s", filtersIn(say, asked)))
	}
	if e.by.Login != "" {
		role := string(e.by.Role)
		if say == wording.Chinese {
			role = names.Of(e.by.Role)
		}
		by := wording.NamingPeople(domain.Say("taken by %s as %s, whose rights reach: %s", e.by.Login, role,
			kit.ReachIn(say, e.by.Reach)), e.called)
		head = append(head, []string{say.Say(by)})
	}
	head = append(head, line("%d rows", e.count))
	sums, heads := make([]string, len(e.columns)), make([]string, len(e.columns))
	summed := false
	for i, c := range e.columns {
		heads[i] = c.head
		if c.amounts > 0 && c.others == 0 {
			sums[i], summed = c.sum.String(), true
		}
	}
	if summed {
		if sums = e.inOrder(sums); sums[0] == "" {
			sums[0] = line("sum")[0]
		}
		head = append(head, sums)
	}
	return append(head, e.inOrder(heads))
}
