package app

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"aftersales-ledger/cmd/internal/client"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/notice"
)

// mailed makes the papers that go with notices: the same that anybody of the
// department gets from the API.
type mailed struct{ app *App }

// sender is under whose name papers are asked for.
var sender = domain.Actor{Name: "notices", Role: domain.DepartmentManager}

// Paper implements [notices.Papers].
func (m mailed) Paper(ctx context.Context, p notice.Paper) (name string, content []byte, err error) {
	path, name, err := whereIs(p)
	if err != nil {
		return "", nil, err
	}
	token := m.app.Door.OfMachine(sender)
	content, err = client.InProcess(m.app.Handler, token).Download(ctx, client.Request{Method: http.MethodGet, Path: path})
	return name + ".pdf", content, err
}

// whereIs names the resource of a paper, and its file.
func whereIs(p notice.Paper) (path, name string, err error) {
	at := func(format string, parts ...any) string {
		for i := range parts {
			parts[i] = url.PathEscape(fmt.Sprint(parts[i]))
		}
		return fmt.Sprintf(format, parts...) + "?format=pdf"
	}
	switch p.Form {
	case notice.FaultRecordPaper, notice.ChargeListPaper, notice.MonthlyReportPaper:
		return at("/v1/projects/%s/filings/%s/%s/form", p.Project, p.Month,
			p.Form), fmt.Sprintf("%s %s %s", p.Form, p.Project, p.Month), nil
	case notice.ReturnPaper:
		return at("/v1/returns/%s/form", p.Return), "F2 " + string(p.Return), nil
	case notice.StatementPaper:
		path := at("/v1/centers/%s/statements/%s/form", p.Center, p.Quarter) + "&version=" + strconv.Itoa(p.Version)
		return path, fmt.Sprintf("对账单 %s %s v%d", p.Center, p.Quarter, p.Version), nil
	case notice.PaymentRequestPaper:
		return at("/v1/payment-requests/%s/%s/form", p.Region, p.Month), fmt.Sprintf("付款申请单 %s %s", p.Region, p.Month), nil
	case notice.RequisitionPaper:
		return at("/v1/requisitions/%s/form", p.Requisition), "物资申请单 " + string(p.Requisition), nil
	}
	return "", "", fmt.Errorf("%s is no paper", p.Form)
}
