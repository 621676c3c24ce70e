package fill

import (
	"archive/zip"
	"context"
	"fmt"
	"io"
	"time"

	"aftersales-ledger/api/papers/forms"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/projections"
	moneyviews "aftersales-ledger/projections/money"
)

// Statement is a version of a quarter's statement (对账单, 5.3.4): zero is the last
// that was issued. A draft is what the next would be now.
func (c Clerk) Statement(
	ctx context.Context, center domain.CenterID, q calendar.Quarter, version int, draft bool,
) (out Filled, err error) {
	if draft && version != 0 {
		return out, DraftOrVersion()
	}
	d, err := c.ledger().StatementDocument(ctx, center, q, version, draft)
	if err != nil {
		return out, err
	}
	region, err := c.regionOf(ctx, center)
	if err != nil {
		return out, err
	}
	st, on := d.Version.Statement, d.Version.IssuedOn
	if d.Draft {
		on = c.today()
	}
	from := c.Letterheads.On(on, region)
	f := forms.Statement(d).Sent(from).ToPay(from)
	f.On = on
	return c.named(ctx, Filled{f, fmt.Sprintf("对账单 %s v%d", st.Statement, st.Version)})
}

// DraftOrVersion refuses to show a draft as a version, which it is not yet.
func DraftOrVersion() error {
	return domain.Invalid("draft", "true", "draft-or-version", "must not be asked for together with a version", "")
}

// regionOf is the region that a center's account was opened in.
func (c Clerk) regionOf(ctx context.Context, center domain.CenterID) (region string, err error) {
	err = c.ledger().EachEvent(ctx, account.Stream(center), func(e domain.Event) bool {
		if opened, ok := e.(account.AccountOpened); ok {
			region = opened.Region
			return false
		}
		return true
	})
	return region, err
}

// RegionStatements are the last versions of a quarter's statements of all
// centers of a region, in the order of the centers. The figures must show the log up
// to after.
func (c Clerk) RegionStatements(
	ctx context.Context, region string, q calendar.Quarter, after uint64,
) (all []Filled, err error) {
	if err := c.ReadModels.Follow(ctx, after); err != nil {
		return nil, err
	}
	cut := projections.Cut{Scope: c.Scope}
	filter := moneyviews.StatementFilter{Filter: projections.Filter{Region: region}, Quarter: q}
	err = projections.EveryPage(func(page projections.Page) (string, error) {
		list, err := moneyviews.Of(c.ReadModels).Statements(ctx, cut, filter, page)
		for _, row := range list.Rows {
			if row.Version == nil { // the others go out without the one that was not issued
				continue
			}
			one, err := c.Statement(ctx, row.Center, q, 0, false)
			if err != nil {
				return "", err
			}
			all = append(all, one)
		}
		return list.Next, err
	})
	if err == nil && len(all) == 0 {
		err = domain.NotFound("region", region, "no-statements", "has no statement of %s that was issued", q)
	}
	return all, err
}

// Zip writes an archive of a PDF for each paper.
func Zip(w io.Writer, at time.Time, all []Filled) error {
	archive := zip.NewWriter(w)
	for _, p := range all {
		file, err := archive.CreateHeader(&zip.FileHeader{
			Name: p.File + ".pdf", Method: zip.Deflate, Modified: at.In(calendar.Shanghai).Truncate(time.Second),
		})
		if err != nil {
			return err
		}
		if err := p.Form.PDF(file); err != nil {
			return err
		}
	}
	return archive.Close() // which writes what the archive holds
}
