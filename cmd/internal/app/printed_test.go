package app_test

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/cmd/internal/sample"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/payables"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/domain/requisition"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/eventstore/storetest"
)

// printers are the programs that people open papers with, and what reads their
// PDFs. Where one is missing the test is not run, and says so; where
// LEDGER_TEST_PRINT or CI is set, it fails.
func printers(t *testing.T) {
	t.Helper()
	var lacking []string
	for _, program := range []string{"chromium", "soffice", "pdftotext", "pdfinfo", "pdftoppm"} {
		if _, err := exec.LookPath(program); err != nil {
			lacking = append(lacking, program)
		}
	}
	switch {
	case len(lacking) == 0:
	case os.Getenv("LEDGER_TEST_PRINT") != "" || os.Getenv("CI") != "":
		t.Fatalf("missing: %v; Debian has them in chromium, libreoffice-calc and poppler-utils", lacking)
	default:
		t.Skipf("NOT RUN: papers were not opened in a browser and a spreadsheet, for want of %v", lacking)
	}
}

// printable is a paper of the sample year, and how many pages it may have at
// most.
type printable struct {
	path string
	most int
}

// papersOfTheYear names one of each kind, and those that are long.
func papersOfTheYear(t *testing.T, a *app.App) map[string]printable {
	t.Helper()
	east := url.PathEscape("华东")
	all := map[string]printable{
		"f1":              {"/v1/projects/P005/filings/2025-07/F1/form", 2},
		"f1-empty":        {"/v1/projects/P001/filings/2025-09/F1/form?draft=true", 2},
		"f1-region":       {"/v1/regions/" + east + "/filings/2025-09/F1/form", 8},
		"f3":              {"/v1/projects/P001/filings/2025-09/F3/form", 1},
		"f3-region":       {"/v1/regions/" + east + "/filings/2025-09/F3/form", 8},
		"f4":              {"/v1/projects/P001/filings/2025-09/F4/form", 2},
		"f4-region":       {"/v1/regions/" + east + "/filings/2025-09/F4/form", 4},
		"statement-small": {"/v1/centers/C12/statements/2025Q3/form?draft=true", 2},
		"statement-long":  {"/v1/centers/C03/statements/2025Q3/form", 8},
		"month-pack":      {"/v1/parts/month-pack?region=" + east + "&month=2025-09", 30},
		"price-list":      {"/v1/price-lists/2025-01/form", 2},
		"blank-f0":        {"/v1/projects/P001/blank-forms/F0/form", 1},
		"blank-count":     {"/v1/projects/P001/blank-forms/COUNT/form", 2},
	}
	most := map[string]int{"statement": 4} // each line that awaits the center, with its day, room and service
	add := func(name, path string) {
		if _, there := all[name]; !there {
			all[name] = printable{path, cmp.Or(most[name], 3)}
		}
	}
	for e := range storetest.Events(t, a.Store) {
		switch e := e.(type) {
		case ticket.TicketEscalated:
			add("f0", "/v1/tickets/"+string(e.Ticket)+"/form")
		case repair.DeviceReturned:
			add("f2", "/v1/returns/"+string(e.Return)+"/form")
		case repair.CompensationSheetFiled:
			add("f2-compensation", "/v1/returns/"+string(e.Return)+"/form")
		case payables.PaymentRequested:
			add("payment-request", fmt.Sprintf("/v1/payment-requests/%s/%s/form", url.PathEscape(e.Region), e.Month))
			for _, l := range e.Lines {
				add("letter", "/v1/returns/"+string(l.Return)+"/letter/form")
				add("approval", "/v1/returns/"+string(l.Return)+"/approval/form")
			}
		case requisition.MaterialRequested:
			add("requisition", "/v1/requisitions/"+url.PathEscape(string(e.Requisition))+"/form")
		case depot.StockCounted:
			add("count", fmt.Sprintf("/v1/projects/%s/depot/counts/%s/form", e.Project, url.PathEscape(string(e.Count))))
		case depot.PartIssued:
			add("issue", fmt.Sprintf("/v1/projects/%s/depot/issues/%s/form", e.Project, url.PathEscape(string(e.Slip))))
		case account.ClaimIssued:
			add("claim", fmt.Sprintf("/v1/centers/%s/claims/%s/form", e.Center, e.Claim))
		case account.ReminderIssued:
			add("reminder", fmt.Sprintf("/v1/centers/%s/reminders/%s/form", e.Center, e.Reminder))
		case account.StatementIssued:
			add("statement", fmt.Sprintf("/v1/centers/%s/statements/%s/form", e.Center, e.Quarter))
		}
	}
	return all
}

// Every paper of the sample year prints: as our own PDF, from a browser, and
// from a spreadsheet. Nothing is cut off at the right, and what is signed stands
// on a page with what it signs.
func TestEveryPaperOfTheSampleYearPrints(t *testing.T) {
	printers(t)
	clock := sample.NewClock(calendar.NewDate(2025, time.January, 1).Start())
	dir := t.TempDir()
	config := app.Config{Data: dir, ReadModels: "embedded:" + dir + "/figures", Clock: clock.Now, Bulk: true}
	l, store, err := app.OpenLedger(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	year, err := sample.Fill(t.Context(), l, clock, sample.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	letterhead := []byte(sample.Letterhead(year.People))
	if err := os.WriteFile(filepath.Join(dir, app.LetterheadFile), letterhead, 0o600); err != nil {
		t.Fatal(err)
	}
	config.Bulk = false
	a := start(t, config)
	head, err := a.Store.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c := clientOf(t, a, domain.Actor{Name: "audit", Role: domain.DepartmentManager})
	papers := papersOfTheYear(t, a)
	out := os.Getenv("LEDGER_TEST_PRINT_DIR") // to look at them
	if out == "" {
		out = t.TempDir()
	}
	pages := make(map[string]string)
	for name, p := range papers {
		for _, format := range []string{"pdf", "html", "xlsx"} {
			sep := "?"
			if strings.Contains(p.path, "?") {
				sep = "&"
			}
			asked := p.path + sep + "format=" + format
			if !strings.Contains(p.path, "/centers/") { // a statement is read from the log, and never behind
				asked += "&after=" + strconv.FormatUint(uint64(head), 10)
			}
			resp := get(t, c, asked)
			if resp.Status != http.StatusOK {
				t.Fatalf("%s: %d %s", p.path, resp.Status, resp.Body)
			}
			if format == "html" {
				pages[name] = string(resp.Body)
			}
			if err := os.WriteFile(filepath.Join(out, name+"."+format), resp.Body, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	printAll(t, out, papers)
	onAPhone(t, out, papers)
	for name, p := range papers {
		for _, by := range []string{"ledger", "browser", "spreadsheet"} {
			t.Run(name+" by the "+by, func(t *testing.T) {
				file := filepath.Join(out, by, name+".pdf")
				if by == "ledger" {
					file = filepath.Join(out, name+".pdf")
				}
				most := p.most
				if by == "spreadsheet" { // the blocks of a wide table stand beside one another
					most = 2*most + 2
				}
				checkPrinted(t, file, pages[name], most)
				switch by {
				case "browser":
					framed(t, file)
				case "spreadsheet":
					ownSize(t, file, pages[name])
				}
			})
		}
	}
}

// printAll prints the pages with a browser and the worksheets with a spreadsheet.
func printAll(t *testing.T, dir string, papers map[string]printable) {
	t.Helper()
	run := func(name string, args ...string) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
		defer cancel()
		if said, err := exec.CommandContext(ctx, name, args...).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, said)
		}
	}
	for _, by := range []string{"browser", "spreadsheet"} {
		if err := os.MkdirAll(filepath.Join(dir, by), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	sheets := []string{
		"-env:UserInstallation=file://" + t.TempDir(), "--headless", "--convert-to", "pdf", "--outdir",
		filepath.Join(dir, "spreadsheet"),
	}
	for name := range papers {
		run("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", "--user-data-dir="+
			t.TempDir(),
			"--print-to-pdf="+filepath.Join(dir, "browser", name+".pdf"), "file://"+filepath.Join(dir, name+".html"))
		sheets = append(sheets, filepath.Join(dir, name+".xlsx"))
	}
	run("soffice", sheets...)
}

// onAPhone opens the pages in a browser as wide as a phone's, and refuses one that
// must be moved sideways to be read.
func onAPhone(t *testing.T, dir string, papers map[string]printable) {
	t.Helper()
	const width = 390
	var page strings.Builder
	page.WriteString("<!doctype html><pre id=said></pre><script>let left=0;const done=()=>{if(!--left)document.title='all'};")
	for name := range papers {
		fmt.Fprintf(&page, `{left++;const f=document.createElement('iframe');f.style.width='%dpx';f.src='%s.html';
f.onload=()=>{document.getElementById('said').append('%s '+f.contentDocument.documentElement.scrollWidth+'\n');done()};
document.body.append(f)}`, width, name, name)
	}
	page.WriteString("</script>")
	file := filepath.Join(dir, "phone.html")
	if err := os.WriteFile(file, []byte(page.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	said := printerSays(t, "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files",
		"--user-data-dir="+t.TempDir(), "--dump-dom", "file://"+file)
	for name := range papers {
		_, after, there := strings.Cut(said, name+" ")
		text, _, _ := strings.Cut(after, "\n")
		if wide, err := strconv.Atoi(text); !there || err != nil || wide > width {
			t.Errorf("%s is %q wide on a phone of %d", name, text, width)
		}
	}
}

var (
	lastHeader = regexp.MustCompile(`<th>([^<]*)(?:<small>[^<]*</small>)?</th></tr></thead>`)
	signLine   = regexp.MustCompile(`(?s)<div class="signs">(.*?)</div>`)
	signed     = regexp.MustCompile(`<span>([^<：]*)：`)
	totalRow   = regexp.MustCompile(`<tr class="total">(.*?)</tr>`)
	lastRow    = regexp.MustCompile(`(?s)<tr>((?:<td[^>]*>[^<]*</td>)+)</tr>\s*(?:<tr class="total">[^\n]*</tr>\s*)?<tr class="closing">`)
	cellText   = regexp.MustCompile(`<td[^>]*>([^<]+)</td>`)
	wordAt     = regexp.MustCompile(`<word xMin="([-\d.]+)"[^>]* xMax="([-\d.]+)"[^>]*>([^<]*)</word>`)
	titleText  = regexp.MustCompile(`<h1>([^<]*)</h1>`)
	pageWide   = regexp.MustCompile(`<page width="([\d.]+)"`)
)

// checkPrinted holds a PDF against the page that says what must be on it.
func checkPrinted(t *testing.T, file, page string, most int) {
	t.Helper()
	if n := pagesOf(t, file); n < 1 || n > most {
		t.Errorf("has %d pages, of at most %d", n, most)
	}
	within(t, file)
	texts := textsOf(t, file)
	everything := strings.Join(texts, "")
	for _, m := range lastHeader.FindAllStringSubmatch(page, -1) {
		if !containsSpread(everything, squeezed(m[1])) {
			t.Errorf("the last column %q is not on it", m[1])
		}
	}
	signs := signLine.FindStringSubmatch(page)
	if signs == nil {
		return
	}
	var labels []string
	for _, m := range signed.FindAllStringSubmatch(signs[1], -1) {
		labels = append(labels, squeezed(m[1]))
	}
	if len(labels) == 0 {
		return
	}
	// The signatures: on the last page that has the first of them all stand, and
	// so does the total, or the last row, that they sign.
	belongs := labels
	if total := totalRow.FindAllStringSubmatch(page,
		-1); len(total) > 0 && strings.LastIndex(page, `class="total"`) > strings.LastIndex(page, "<h2") {
		cells := cellText.FindAllStringSubmatch(total[len(total)-1][1], -1)
		belongs = append(belongs, squeezed(cells[len(cells)-1][1]))
	} else if row := lastRow.FindStringSubmatch(page); row != nil {
		if cells := cellText.FindAllStringSubmatch(row[1], -1); len(cells) > 0 {
			belongs = append(belongs, squeezed(cells[0][1]))
		}
	}
	best := belongs
	for _, text := range texts {
		var lacking []string
		for _, b := range belongs {
			if !containsSpread(text, b) {
				lacking = append(lacking, b)
			}
		}
		if len(lacking) < len(best) {
			best = lacking
		}
	}
	if len(best) > 0 {
		t.Errorf("no page has all of %q: the best lacks %q", belongs, best)
	}
}

// containsSpread reports whether a text is there, if need be with others between
// its characters: what is broken within its cell is.
func containsSpread(text, want string) bool {
	if strings.Contains(text, want) {
		return true
	}
	for _, r := range want {
		if !strings.ContainsRune(text, r) {
			return false
		}
	}
	return len(want) > 0
}

func squeezed(text string) string {
	return strings.Join(strings.Fields(html.UnescapeString(text)), "")
}

func printerSays(t *testing.T, name string, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, &errs)
	}
	return out.String()
}

func pagesOf(t *testing.T, file string) int {
	t.Helper()
	for line := range strings.Lines(printerSays(t, "pdfinfo", file)) {
		if count, ok := strings.CutPrefix(line, "Pages:"); ok {
			n, err := strconv.Atoi(strings.TrimSpace(count))
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
	}
	t.Fatalf("%s has no number of pages", file)
	return 0
}

// textsOf are the characters of each page, without white space.
func textsOf(t *testing.T, file string) (texts []string) {
	t.Helper()
	for page := range strings.SplitSeq(strings.TrimSuffix(printerSays(t, "pdftotext", "-raw", file, "-"), "\f"), "\f") {
		texts = append(texts, strings.Join(strings.Fields(page), ""))
	}
	return texts
}

// ownSize refuses a worksheet that was made smaller to fit its page: the title is
// set in 18 points, and the smallest text, in 8, keeps them as the title does.
func ownSize(t *testing.T, file, page string) {
	t.Helper()
	title := squeezed(titleText.FindStringSubmatch(page)[1])
	for _, m := range wordAt.FindAllStringSubmatch(printerSays(t, "pdftotext", "-bbox", file, "-"), -1) {
		if squeezed(m[3]) != title {
			continue
		}
		from, _ := strconv.ParseFloat(m[1], 64)
		to, _ := strconv.ParseFloat(m[2], 64)
		if size := (to - from) / float64(utf8.RuneCountInString(title)); size > 17.8 {
			return
		} else if size > 5 {
			t.Errorf("the title is printed in %.1f points, not in 18", size)
			return
		}
	}
	t.Errorf("the title %q is not on it", title)
}

// framed refuses a page whose tables have their frame at the left and not at the
// right: a browser cuts off what reaches beyond its margin by a hair.
func framed(t *testing.T, file string) {
	t.Helper()
	const perInch = 200
	picture := printerSays(t, "pdftoppm", "-gray", "-r", strconv.Itoa(perInch), "-f", "1", "-l", "1", file)
	var wide, high, white int
	if _, err := fmt.Sscanf(picture, "P5\n%d %d\n%d", &wide, &high, &white); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	pixels := picture[len(picture)-wide*high:]
	// The longest line down the page of those that stand so many tenths of a millimetre from its left.
	line := func(from, to int) (longest int) {
		for x := from * perInch / 254; x < to*perInch/254; x++ {
			for y, run := 0, 0; y < high; y++ {
				if run++; int(pixels[y*wide+x]) > white*3/4 {
					run = 0
				}
				longest = max(longest, run)
			}
		}
		return longest
	}
	margin, page := 100, wide*254/perInch
	if left, right := line(margin-3, margin+5), line(page-margin-7, page-margin+3); right < left-2 {
		t.Errorf("the frame is %d high at the left and %d at the right", left, right)
	}
}

// within refuses a word that reaches beyond its page.
func within(t *testing.T, file string) {
	t.Helper()
	wide := 0.0
	for line := range strings.Lines(printerSays(t, "pdftotext", "-bbox", file, "-")) {
		if m := pageWide.FindStringSubmatch(line); m != nil {
			wide, _ = strconv.ParseFloat(m[1], 64)
		}
		m := wordAt.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		from, _ := strconv.ParseFloat(m[1], 64)
		to, _ := strconv.ParseFloat(m[2], 64)
		if from < 0 || to > wide {
			t.Errorf("%q stands at %.0f to %.0f of a page %.0f wide", m[3], from, to, wide)
		}
	}
}
