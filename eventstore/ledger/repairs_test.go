package ledger_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/attachment"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/payables"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/domain/requisition"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/files/filestest"
	"aftersales-ledger/eventstore/ledger"
)

func (d *department) as(name string, role domain.Role) ledger.Request {
	r := d.ask()
	r.Actor = domain.Actor{Name: name, Role: role}
	return r
}

// passedRepair is a repair of 300.00 yuan whose letter is confirmed.
func (d *department) passedRepair(id domain.ReturnID) (papers payables.Papers) {
	d.t.Helper()
	ctx := d.t.Context()
	amount := money.Fen(30000)
	d.must(d.OpenReturn(ctx, d.as("li", domain.Technician), repair.Open{
		Return: id, Project: "P001", Part: "CAM", Maker: "明瞳", Fault: "黑屏", OpenedOn: today,
		Cost: repair.Cost{Bearer: repair.ByUs, Estimate: amount},
	}))
	for _, by := range []ledger.Request{
		d.as("cheng", domain.CityTechLead), d.as("wei", domain.TechGroupLead), d.as("zhao", domain.HQAffairsSupervisor),
		d.as("feng", domain.DepartmentManager),
	} {
		d.must(d.DecideReturn(ctx, by, ledger.DecideReturn{Return: id, Approve: true, Amount: &amount}))
	}
	papers = payables.Papers{Letter: d.paper("letter"), Sheet: d.paper("sheet"), Approval: d.paper("approval")}
	d.must(d.QuoteRepair(ctx, d.as("qian", domain.RegionalAdmin),
		ledger.QuoteRepair{Return: id, Amount: amount, QuotedOn: today}))
	d.must(d.ConfirmLetter(ctx, d.as("he", domain.PurchasingAdmin),
		ledger.ConfirmLetter{Return: id, Letter: papers.Letter, Amount: amount}))
	return papers
}

func (d *department) paper(text string) attachment.Digest {
	d.t.Helper()
	ref, _, err := d.StoreAttachment(d.t.Context(), d.ask(), text+".pdf", []byte("%PDF-1.4 "+text))
	if err != nil {
		d.t.Fatal(err)
	}
	return ref.SHA256
}

func (d *department) withFiles() *department {
	d.Ledger = d.WithFiles(&filestest.Memory{})
	return d
}

func requestOf(
	r ledger.Request, month calendar.Month, papers payables.Papers, ids ...domain.ReturnID,
) ledger.RequestPayment {
	c := ledger.RequestPayment{Request: domain.PaymentRequestID(r.NewID("FK")), Region: "华东", Month: month}
	for _, id := range ids {
		c.Lines = append(c.Lines, ledger.RequestedRepair{Return: id, Amount: money.Fen(30000), Papers: papers})
	}
	return c
}

// inRequests counts the batches that ask for a repair and were not returned.
func (d *department) inRequests(id domain.ReturnID) (n int) {
	d.t.Helper()
	open := map[domain.PaymentRequestID]bool{}
	log, _, err := d.Log(d.t.Context(), 0, 10_000)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, rec := range log {
		e, _, err := eventstore.Trade.DecodeRecorded(rec)
		if err != nil {
			d.t.Fatal(err)
		}
		switch e := e.(type) {
		case payables.PaymentRequested:
			for _, l := range e.Lines {
				open[e.Request] = open[e.Request] || l.Return == id
			}
		case payables.PaymentRequestReturned:
			delete(open, e.Request)
		}
	}
	for _, asks := range open {
		if asks {
			n++
		}
	}
	return n
}

// Two months, and two people of one month, want the same repairs at the same
// instant: each repair is in one request at most, and what a refused request
// took can be requested by others.
func TestConcurrentPaymentRequestsNeverShareARepair(t *testing.T) {
	d := newDepartment(t).withFiles()
	ids := []domain.ReturnID{"F2-1", "F2-2", "F2-3"}
	var papers payables.Papers
	for _, id := range ids {
		papers = d.passedRepair(id)
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	granted := 0
	for i := range 12 {
		r := d.as(fmt.Sprint("admin", i), domain.RegionalAdmin)
		month := today.Month() - calendar.Month(i%3)
		wg.Go(func() {
			c := requestOf(r, month, papers, ids[i%3], ids[(i+1)%3])
			_, err := d.RequestPayment(context.Background(), r, c)
			if err == nil {
				mu.Lock()
				granted++
				mu.Unlock()
			} else if c := code(err); c != "payment-requested" && c != "batch-exists" && c != "payment-released" {
				t.Errorf("refused by %v", err)
			}
		})
	}
	wg.Wait()
	for _, id := range ids {
		if n := d.inRequests(id); n > 1 {
			t.Errorf("%s is in %d payment requests", id, n)
		}
	}
	if granted > 1 {
		t.Errorf("%d requests of two of three repairs were granted", granted)
	}
	// Whatever was refused gave back what it took: the rest can be requested.
	for i, id := range ids {
		if d.inRequests(id) == 1 {
			continue
		}
		r := d.as("later", domain.RegionalAdmin)
		if _, err := d.RequestPayment(t.Context(), r,
			requestOf(r, today.Month()-calendar.Month(10+i), papers, id)); err != nil {
			t.Errorf("%s is still held: %v", id, err)
		}
	}
}

func TestAPaymentRequestThatBrokeOffIsCompletedByTheSameRequest(t *testing.T) {
	for _, broken := range []string{"return-F2-1", "return-F2-2", "payables-"} {
		t.Run(broken, unhurried(func(t *testing.T) {
			d := newDepartment(t).withFiles()
			d.passedRepair("F2-1")
			papers := d.passedRepair("F2-2")
			r := d.as("qian", domain.RegionalAdmin)
			c := requestOf(r, today.Month(), papers, "F2-1", "F2-2")
			d.store.prefix = broken
			if _, err := d.RequestPayment(t.Context(), r, c); !errors.Is(err, eventstore.ErrUnavailable) {
				t.Fatalf("got %v", err)
			}
			d.store.prefix = ""
			for range 2 {
				d.must(d.RequestPayment(t.Context(), r, c))
			}
			if n := d.inRequests("F2-1") + d.inRequests("F2-2"); n != 2 {
				t.Errorf("the repairs are in %d requests", n)
			}
		}))
	}
}

// What a crash left in a request that never came about is free for the next who
// asks; the broken one, sent again after that, cannot come about any more.
func TestAPaymentRequestThatBrokeOffGivesItsRepairsUp(t *testing.T) {
	for name, free := range map[string]func(d *department, papers payables.Papers){
		"to the next who asks": func(d *department, papers payables.Papers) {
			other := d.as("wu", domain.RegionalAdmin)
			d.must(d.RequestPayment(d.t.Context(), other, requestOf(other, today.Month()-1, papers, "F2-1")))
		},
		"by itself": func(d *department, _ payables.Papers) {
			for _, id := range []domain.ReturnID{"F2-1", "F2-2", "F2-1"} {
				if err := d.FreeRepair(d.t.Context(), id); err != nil {
					d.t.Fatal(err)
				}
			}
		},
	} {
		t.Run(name, unhurried(func(t *testing.T) {
			d := newDepartment(t).withFiles()
			d.passedRepair("F2-1")
			papers := d.passedRepair("F2-2")
			r := d.as("qian", domain.RegionalAdmin)
			c := requestOf(r, today.Month(), papers, "F2-1", "F2-2")
			d.store.prefix = "payables-"
			if _, err := d.RequestPayment(t.Context(), r, c); !errors.Is(err, eventstore.ErrUnavailable) {
				t.Fatalf("got %v", err)
			}
			d.store.prefix = ""
			free(d, papers)
			if _, err := d.RequestPayment(t.Context(), r, c); code(err) != "payment-released" {
				t.Errorf("the broken request, sent again, got %v", err)
			}
			r = d.as("qian", domain.RegionalAdmin)
			d.must(d.RequestPayment(t.Context(), r, requestOf(r, today.Month(), papers, "F2-2")))
			// What came about is nobody else's, and is not given up.
			if err := d.FreeRepair(t.Context(), "F2-2"); err != nil {
				t.Fatal(err)
			}
			other := d.as("wu", domain.RegionalAdmin)
			if _, err := d.RequestPayment(t.Context(), other,
				requestOf(other, today.Month()-2, papers, "F2-2")); code(err) != "payment-requested" {
				t.Errorf("another request for it got %v", err)
			}
			if n := d.inRequests("F2-2"); n != 1 {
				t.Errorf("F2-2 is in %d requests", n)
			}
		}))
	}
}

func TestAReturnedPaymentRequestReleasesEveryRepair(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDepartment(t).withFiles()
		d.passedRepair("F2-1")
		papers := d.passedRepair("F2-2")
		r := d.as("qian", domain.RegionalAdmin)
		d.must(d.RequestPayment(t.Context(), r, requestOf(r, today.Month(), papers, "F2-1", "F2-2")))
		back := d.as("sun", domain.Finance)
		c := payables.Return{Region: "华东", Month: today.Month(), Reason: "附件不清"}
		d.store.prefix = "return-F2-2"
		if _, err := d.ReturnPaymentRequest(t.Context(), back, c); !errors.Is(err, eventstore.ErrUnavailable) {
			t.Fatalf("got %v", err)
		}
		d.store.prefix = ""
		d.must(d.ReturnPaymentRequest(t.Context(), back, c))
		r = d.as("qian", domain.RegionalAdmin)
		d.must(d.RequestPayment(t.Context(), r, requestOf(r, today.Month(), papers, "F2-1", "F2-2")))
		// The return, sent again, does not touch the new request.
		d.must(d.ReturnPaymentRequest(t.Context(), back, c))
		if d.inRequests("F2-1") != 1 || d.inRequests("F2-2") != 1 {
			t.Error("the new request lost a repair")
		}
		other := d.as("wu", domain.RegionalAdmin)
		if _, err := d.RequestPayment(t.Context(), other,
			requestOf(other, today.Month()-1, papers, "F2-2")); code(err) != "payment-requested" {
			t.Errorf("another got %v", err)
		}
	})
}

func TestOneBankReferencePaysOneSupplier(t *testing.T) {
	d := newDepartment(t).withFiles()
	papers := d.passedRepair("F2-1")
	pay := func(month calendar.Month) error {
		_, err := d.PaySupplier(t.Context(), d.as("sun", domain.Finance), payables.Pay{
			Region: "华东", Month: month, Supplier: "明瞳", Amount: money.Fen(30000), BankReference: "OUT-1", PaidOn: today,
		})
		return err
	}
	r := d.as("qian", domain.RegionalAdmin)
	d.must(d.RequestPayment(t.Context(), r, requestOf(r, today.Month(), papers, "F2-1")))
	if err := pay(today.Month()); err != nil {
		t.Fatal(err)
	}
	papers = d.passedRepair("F2-2")
	r = d.as("qian", domain.RegionalAdmin)
	d.must(d.RequestPayment(t.Context(), r, requestOf(r, today.Month()-1, papers, "F2-2")))
	if err := pay(today.Month() - 1); code(err) != "number-taken" {
		t.Errorf("got %v", err)
	}
}

func TestAReviewThatBrokeOffBeforeTheChargeIsCompleted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDepartment(t)
		ctx := t.Context()
		d.must(d.QuoteCompensation(ctx, d.as("zhao", domain.HQAffairsSupervisor), account.QuoteCompensation{
			Quote: "BJ-1", Center: "C01", Project: "P001", Damage: "撞坏", Amount: money.Fen(190000), TaxRate: decimal.New(6, -2),
		}))
		d.must(d.FileCompensation(ctx, d.as("zhou", domain.CityLead), ledger.FileCompensation{
			Return: "F2-1", Center: "C01", Quote: "BJ-1", Charge: "SF-1", Amount: money.Fen(190000), OccurredOn: today,
		}))
		r := d.as("zhao", domain.HQAffairsSupervisor)
		d.store.prefix = "account-"
		if _, err := d.DecideReturn(ctx, r,
			ledger.DecideReturn{Return: "F2-1", Approve: true}); !errors.Is(err, eventstore.ErrUnavailable) {
			t.Fatalf("got %v", err)
		}
		d.store.prefix = ""
		if got := d.closing("C01"); got != "0.00" {
			t.Errorf("closing %s", got)
		}
		for range 2 {
			d.must(d.DecideReturn(ctx, r, ledger.DecideReturn{Return: "F2-1", Approve: true}))
			if got := d.closing("C01"); got != "1900.00" {
				t.Errorf("closing %s", got)
			}
		}
	})
}

// What the account would refuse is refused before the review is recorded: the
// quote was charged by another sheet meanwhile.
func TestAReviewIsRefusedWhereTheChargeWouldBe(t *testing.T) {
	d := newDepartment(t)
	ctx := t.Context()
	d.must(d.QuoteCompensation(ctx, d.as("zhao", domain.HQAffairsSupervisor), account.QuoteCompensation{
		Quote: "BJ-1", Center: "C01", Project: "P001", Damage: "撞坏", Amount: money.Fen(190000), TaxRate: decimal.New(6, -2),
	}))
	d.must(d.FileCompensation(ctx, d.as("zhou", domain.CityLead), ledger.FileCompensation{
		Return: "F2-1", Center: "C01", Quote: "BJ-1", Charge: "SF-1", Amount: money.Fen(190000), OccurredOn: today,
	}))
	d.must(d.FileCompensation(ctx, d.as("zhou", domain.CityLead), ledger.FileCompensation{
		Return: "F2-9", Center: "C01", Quote: "BJ-1", Charge: "SF-2", Amount: money.Fen(190000), OccurredOn: today,
	}))
	d.must(d.DecideReturn(ctx, d.as("zhao", domain.HQAffairsSupervisor),
		ledger.DecideReturn{Return: "F2-9", Approve: true}))
	before, err := d.Head(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.DecideReturn(ctx, d.as("zhao", domain.HQAffairsSupervisor),
		ledger.DecideReturn{Return: "F2-1", Approve: true}); code(err) != "quote-used" {
		t.Errorf("got %v", err)
	}
	if after, err := d.Head(ctx); err != nil || after != before {
		t.Errorf("the log grew to %d from %d, %v", after, before, err)
	}
}

func TestADeliveryThatBrokeOffBeforeTheDepotIsCompleted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDepartment(t)
		ctx := t.Context()
		d.must(d.RequestMaterial(ctx, d.as("jiang",
			domain.ProjectLeader), requisition.Request{Requisition: "SQ-1", Project: "P001", Lines: []requisition.Line{
			{Part: "CAM", Name: "摄像机", Quantity: decimal.NewFromInt(2), Estimate: money.Fen(52000), Purpose: "备件"},
		}}))
		for _, by := range []ledger.Request{
			d.as("wei", domain.TechGroupLead), d.as("zhao", domain.HQAffairsSupervisor), d.as("shen", domain.MaterialsPlanner),
			d.as("feng", domain.DepartmentManager),
		} {
			d.must(d.DecideRequisition(ctx, by, requisition.Decide{Requisition: "SQ-1", Approve: true}))
		}
		d.must(ledger.Do(ctx, d.Ledger, d.as("he", domain.PurchasingAdmin), requisition.Order{
			Requisition: "SQ-1", Order: "CG-1", Supplier: "明瞳", OrderedOn: today,
			Lines: []requisition.Ordered{{Part: "CAM", Quantity: decimal.NewFromInt(2), Price: money.Fen(52000)}},
		}, (*requisition.Requisition).Order))
		r := d.as("shen", domain.MaterialsPlanner)
		c := ledger.ReceivePurchase{Receive: requisition.Receive{
			Requisition: "SQ-1", Receipt: "IN-1", Part: "CAM", Quantity: decimal.NewFromInt(2), Value: money.Fen(52000),
			ReceivedOn: today,
		}}
		d.store.prefix = "depot-"
		if _, err := d.ReceivePurchase(ctx, r, c); !errors.Is(err, eventstore.ErrUnavailable) {
			t.Fatalf("got %v", err)
		}
		d.store.prefix = ""
		for range 2 {
			out := d.must(d.ReceivePurchase(ctx, r, c))
			if len(out.Events) != 2 {
				t.Errorf("got %v", out.Events)
			}
		}
	})
}

func TestAttachmentsAreTheirContent(t *testing.T) {
	d := newDepartment(t)
	if _, _, err := d.StoreAttachment(t.Context(), d.ask(), "a.pdf",
		[]byte("%PDF-1.4")); !errors.Is(err, ledger.ErrFilesUnavailable) {
		t.Errorf("without a place to keep it: %v", err)
	}
	kept := &faulty{}
	d.Ledger = d.WithFiles(kept)
	content := []byte("%PDF-1.4 letter")
	reader := ledger.AttachmentReader{Login: d.ask().Actor.Name, May: func(string) bool { return false }}
	ref, out, err := d.StoreAttachment(t.Context(), d.ask(), "letter.pdf", content)
	if err != nil || len(out.Events) != 1 || ref.Type != attachment.PDF || ref.Size != int64(len(content)) {
		t.Fatal(ref, out, err)
	}
	again, out, err := d.StoreAttachment(t.Context(), d.ask(), "other.pdf", content)
	if err != nil || len(out.Events) != 0 || again != ref {
		t.Errorf("stored again as %v, %v, %v", again, out.Events, err)
	}
	if _, got, err := d.ReadAttachment(t.Context(), reader, ref.SHA256); err != nil || !bytes.Equal(got, content) {
		t.Errorf("read %q, %v", got, err)
	}
	kept.alter = func([]byte) ([]byte, error) { return []byte("%PDF-1.4 forged"), nil }
	if _, _, err := d.ReadAttachment(t.Context(), reader, ref.SHA256); !errors.Is(err, ledger.ErrAttachmentDamaged) {
		t.Errorf("a forged content: %v", err)
	}
	kept.alter = func([]byte) ([]byte, error) { return nil, fs.ErrNotExist }
	if _, _, err := d.ReadAttachment(t.Context(), reader, ref.SHA256); !errors.Is(err, ledger.ErrAttachmentDamaged) {
		t.Errorf("a lost content: %v", err)
	}
	kept.alter = func([]byte) ([]byte, error) { return nil, errors.New("no route to host") }
	if _, _, err := d.ReadAttachment(t.Context(), reader, ref.SHA256); !errors.Is(err, ledger.ErrFilesUnavailable) {
		t.Errorf("an unreachable bucket: %v", err)
	}
	// Written before it is named: a place that cannot write leaves no fact.
	kept.refuse = true
	before, _ := d.Head(t.Context())
	if _, _, err := d.StoreAttachment(t.Context(), d.ask(), "b.pdf",
		[]byte("%PDF-1.4 b")); !errors.Is(err, ledger.ErrFilesUnavailable) {
		t.Errorf("got %v", err)
	}
	if after, _ := d.Head(t.Context()); after != before {
		t.Error("a content that was not written was recorded")
	}
}

// faulty keeps contents and spoils them on the way back.
type faulty struct {
	filestest.Memory
	alter  func([]byte) ([]byte, error)
	refuse bool
}

func (f *faulty) Put(ctx context.Context, id attachment.Digest, content []byte) error {
	if f.refuse {
		return errors.New("disk full")
	}
	return f.Memory.Put(ctx, id, content)
}

func (f *faulty) Read(ctx context.Context, id attachment.Digest) ([]byte, error) {
	content, err := f.Memory.Read(ctx, id)
	if f.alter != nil && err == nil {
		return f.alter(content)
	}
	return content, err
}

func archive(names ...string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, n := range names {
		_, _ = z.Create(n)
	}
	_ = z.Close()
	return b.Bytes()
}

// A content is what its bytes say, whatever it is called.
func TestATypeIsToldByTheContent(t *testing.T) {
	d := newDepartment(t).withFiles()
	mail := "From: feng@example.com\r\nDate: Wed, 1 Jul 2026 15:00:00 +0800\r\nSubject: =?utf-8?q?F2?=\r\n\r\n同意"
	for name, tc := range map[string]struct {
		content string
		want    attachment.MediaType
	}{
		"a PDF":                         {"%PDF-1.7\n...", attachment.PDF},
		"a PNG":                         {"\x89PNG\r\n\x1a\n....", attachment.PNG},
		"a JPEG":                        {"\xff\xd8\xff\xe0....", attachment.JPEG},
		"a workbook":                    {string(archive("[Content_Types].xml", "xl/workbook.xml")), attachment.XLSX},
		"an e-mail":                     {mail, attachment.EML},
		"an archive that is none":       {string(archive("[Content_Types].xml", "word/document.xml")), ""},
		"an archive that is cut off":    {string(archive("[Content_Types].xml", "xl/workbook.xml"))[:40], ""},
		"text":                          {"同意", ""},
		"a mail without a date":         {"From: feng@example.com\r\n\r\n同意", ""},
		"a mail from nobody":            {"Date: Wed, 1 Jul 2026 15:00:00 +0800\r\n\r\n同意", ""},
		"a page":                        {"<html><script>alert(1)</script></html>", ""},
		"a program":                     {"MZ\x90\x00", ""},
		"a GIF":                         {"GIF89a....", ""},
		"nothing":                       {"", ""},
		"more than an attachment holds": {"%PDF-1.7" + strings.Repeat("x", attachment.MaxSize), ""},
	} {
		t.Run(name, func(t *testing.T) {
			ref, _, err := d.StoreAttachment(t.Context(), d.ask(), "file.pdf", []byte(tc.content))
			if tc.want == "" {
				if c := code(err); c != "attachment-type" && c != "attachment-size" {
					t.Errorf("got %v, %v", ref, err)
				}
				return
			}
			if err != nil || ref.Type != tc.want {
				t.Errorf("got %q, %v", ref.Type, err)
			}
		})
	}
}

func FuzzSniff(f *testing.F) {
	for _, seed := range [][]byte{
		[]byte("%PDF-1.7"), archive("[Content_Types].xml", "xl/workbook.xml"), []byte("From: a\nDate: b\n\nc"),
		{0xff, 0xd8, 0xff},
	} {
		f.Add(seed)
	}
	l := ledger.New(eventstore.NewExecutor(nil, eventstore.Trade, eventstore.ExecutorOptions{}), policy.Default(),
		nil).Under(access.Whole()).WithFiles(refusing{})
	f.Fuzz(func(t *testing.T, content []byte) {
		// Every content is either refused as what it is or offered to the place.
		_, _, err := l.StoreAttachment(t.Context(), request("k"), "name", content)
		if c := code(err); c != "attachment-type" && c != "attachment-size" && !errors.Is(err, ledger.ErrFilesUnavailable) {
			t.Fatalf("got %v", err)
		}
	})
}

// refusing keeps nothing.
type refusing struct{}

func (refusing) Put(context.Context, attachment.Digest, []byte) error { return errors.New("full") }
func (refusing) Read(context.Context, attachment.Digest) ([]byte, error) {
	return nil, fs.ErrNotExist
}

// A repair of one region is not paid by another's request.
func TestAPaymentRequestIsOfOneRegion(t *testing.T) {
	d := newDepartment(t).withFiles()
	papers := d.passedRepair("F2-1")
	d.must(d.RegisterProject(t.Context(), d.ask(), project.Register{
		Project: "P002", Name: "湖畔", Region: "华南", City: "广州", Center: "C02", From: calendar.NewDate(2024, 9, 1),
		Presence: policy.OnProject,
		Warranty: project.Warranty{
			AcceptanceOn: calendar.NewDate(2024, 9, 1), StartsFrom: project.FromAcceptance, Months: 24,
		},
	}))
	r := d.as("qian", domain.RegionalAdmin)
	c := requestOf(r, today.Month(), papers, "F2-1")
	c.Region = "华南"
	if _, err := d.RequestPayment(t.Context(), r, c); code(err) != "other-region" {
		t.Errorf("got %v", err)
	}
}

// A line of a payment request that is refused is named by its place, whatever it is refused for.
func TestARefusedLineOfAPaymentRequestIsNamedByItsPlace(t *testing.T) {
	d := newDepartment(t).withFiles()
	papers := d.passedRepair("F2-1")
	r := d.as("admin", domain.RegionalAdmin)
	_, err := d.RequestPayment(t.Context(), r, requestOf(r, today.Month(), papers, "F2-1", "F2-9"))
	var refusal *domain.Rejection
	if !errors.As(err, &refusal) || refusal.Field != "lines[1].return" || refusal.Value != "F2-9" {
		t.Errorf("refused by %v", err)
	}
	ask := requestOf(r, today.Month(), papers, "F2-9", "F2-1", "F2-8", "F2-2")
	ask.Lines[1].Amount = money.Fen(99_999_999) // above what was approved
	d.passedRepair("F2-2")
	_, err = d.RequestPayment(t.Context(), r, ask)
	var fields []string
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, one := range joined.Unwrap() {
			if errors.As(one, &refusal) {
				fields = append(fields, refusal.Field)
			}
		}
	}
	want := []string{"lines[0].return", "lines[1].amount", "lines[2].return"}
	if !slices.Equal(fields, want) {
		t.Errorf("refused are %v, want %v: %v", fields, want, err)
	}
}
