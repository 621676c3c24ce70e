package depot

import (
	"fmt"
	"strings"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
)

// stated is what a document states under one field, as its sender names it.
type stated struct {
	field string
	value any
}

// entries is how many entries a list has, which stands for it until they are compared one
// by one.
type entries int

// states lists what a document states beside its number: what its sender said, not what
// was worked out from it. A count sheet is compared line by line, see checkNewCount.
func states(e Event) []stated {
	units := func(serials []string) string { return strings.Join(serials, " ") }
	day := func(on calendar.Date) string {
		if on.IsZero() {
			return ""
		}
		return on.String()
	}
	switch e := e.(type) {
	case PartReceived:
		return []stated{
			{"part", string(e.Part)}, {"quantity", e.Quantity.String()}, {"value", e.Value.String()},
			{"source", e.Source}, {"serials", units(e.Serials)}, {"receivedOn", day(e.ReceivedOn)},
			{"shipment", string(e.Shipment)}, {"sentSerials", units(e.SentSerials)},
		}
	case PartIssued:
		return []stated{
			{"part", string(e.Part)}, {"quantity", e.Quantity.String()}, {"asked", e.Asked.String()}, {"taker", e.Taker},
			{"faultLine", string(e.FaultLine)}, {"serials", units(e.Serials)}, {"override", e.Override},
			{"issuedOn", day(e.IssuedOn)},
		}
	case PartReturned:
		return []stated{
			{"issue", string(e.Issue)}, {"quantity", e.Quantity.String()}, {"serials", units(e.Serials)},
			{"returnedBy", e.ReturnedBy}, {"returnedOn", day(e.ReturnedOn)},
		}
	case PartTransferredOut:
		return []stated{
			{"part", string(e.Part)}, {"quantity", e.Quantity.String()}, {"serials", units(e.Serials)}, {"to", string(e.To)},
			{"reason", e.Reason}, {"transferredOn", day(e.TransferredOn)},
		}
	case PartTransferredIn:
		return []stated{{"from", string(e.From)}, {"receivedOn", day(e.ReceivedOn)}}
	case FaultyUnitHandedIn:
		return []stated{
			{"part", string(e.Part)}, {"quantity", e.Quantity.String()}, {"serials", units(e.Serials)},
			{"faultLine", string(e.FaultLine)}, {"handedInBy", e.HandedInBy}, {"handedInOn", day(e.HandedInOn)},
		}
	case FaultyUnitsShipped:
		list := []stated{
			{"maker", e.Maker}, {"waybill", e.Waybill}, {"shippedOn", day(e.ShippedOn)},
			{"expectedBackOn", day(e.ExpectedBackOn)}, {"units", entries(len(e.Units))},
		}
		for i, u := range e.Units {
			at := fmt.Sprintf("units[%d].", i)
			list = append(list, stated{at + "part", string(u.Part)}, stated{at + "quantity", u.Quantity.String()},
				stated{at + "serial", u.Serial}, stated{at + "faultLine", string(u.FaultLine)},
				stated{at + "return", string(u.Return)})
		}
		return list
	case PartScrapped:
		return []stated{
			{"part", string(e.Part)}, {"condition", e.Condition}, {"quantity", e.Quantity.String()},
			{"serials", units(e.Serials)}, {"faultLine", string(e.FaultLine)}, {"reason", e.Reason},
			{"scrappedOn", day(e.ScrappedOn)}, {"shipment", string(e.Shipment)},
		}
	case StockAdjusted:
		return []stated{
			{"count", string(e.Count)}, {"part", string(e.Part)}, {"quantity", e.Quantity.String()}, {"reason", e.Reason},
		}
	case StockCounted:
	}
	return nil
}

// checkNew rejects a document whose number was used in this depot: one that says
// something else now, by what that is.
func (d *Depot) checkNew(field string, number domain.SlipID, clause string, says Event) error {
	if err := domain.CheckID(field, number); err != nil {
		return err
	}
	entered, used := d.documents[document{field, number}]
	if !used {
		return nil
	}
	code, was := field+"-exists", make(map[string]any)
	for _, s := range states(entered) {
		was[s.field] = s.value
	}
	for _, is := range states(says) {
		before, value := was[is.field], fmt.Sprint(is.value)
		if n, isList := is.value.(entries); isList {
			if m, _ := before.(entries); m != n {
				return domain.Conflict(is.field, "", code, "has %d entries, and was entered already in this depot under number %s with %d",
					clause, int(n), number, int(m))
			}
			continue
		}
		switch fmt.Sprint(before) {
		case value:
		case "":
			return domain.Conflict(is.field, value, code, "was left empty under number %s, which was entered already in this depot",
				clause, number)
		default:
			return domain.Conflict(is.field, value, code, "was entered already in this depot under number %s as %s", clause, number,
				before)
		}
	}
	return domain.Conflict(field, string(number), code, "was entered already in this depot", clause)
}
