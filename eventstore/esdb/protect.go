package esdb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"

	"aftersales-ledger/eventstore"
)

// Protection is what Protect has done, and what it could not.
type Protection struct {
	Done   []string
	Undone []string
}

// admins is the server's group of administrators, who may do everything.
const admins = "$admins"

// Protect sets the access control lists that let a user of the ledger's group do
// its work without an administrator's rights, and keep others from its streams:
// the group may read $all, and, on a server that is the ledger's alone, only the
// group may write streams, and only administrators delete them or set their
// metadata. It must be called with an administrator's connection. What there is
// already is kept: readers of $all stay, and default lists that somebody has set
// are left as they are. Errors wrap [eventstore.ErrUnavailable].
func (s *Store) Protect(ctx context.Context, group string) (Protection, error) {
	var p Protection
	if err := s.letRead(ctx, group); err != nil {
		return p, fmt.Errorf("protect the event log: $all: %w", err)
	}
	p.Done = append(p.Done, fmt.Sprintf("the group %q may read $all", group))
	if s.prefix != "" {
		p.Undone = append(p.Undone,
			fmt.Sprintf("streams that begin with %q are open to every user of the cluster: its lists are for single streams or for all of them, and others use it; "+
				"what is done to them is found, not kept from happening", s.prefix))
		return p, nil
	}
	set, err := s.setDefaults(ctx, group)
	switch {
	case err != nil:
		return p, fmt.Errorf("protect the event log: $settings: %w", err)
	case set:
		p.Done = append(p.Done,
			fmt.Sprintf("only the group %q may write streams, and only administrators may delete them or set their metadata",
				group))
	default:
		p.Undone = append(p.Undone,
			"the default lists ($settings) were set by somebody else and were left as they are: see that only the ledger's group may write ($w), and only administrators delete ($d) and set metadata ($mw)")
	}
	p.Undone = append(p.Undone,
		"administrators may still set metadata, delete and scavenge: that is found, not kept from happening")
	return p, nil
}

// letRead adds a group to the readers of $all. The lists are JSON of our own: the
// client of v4.2.0 cannot read a list that names several groups, which is what
// there is after the first time, and has no type for $settings.
func (s *Store) letRead(ctx context.Context, group string) error {
	held := make(map[string]json.RawMessage)
	acl := make(map[string]json.RawMessage)
	last, err := s.lastRaw(ctx, "$$$all")
	switch {
	case err == nil:
		if err := json.Unmarshal(last.Data, &held); err != nil {
			return fmt.Errorf("its metadata: %w", err)
		}
		if held["$acl"] != nil {
			if err := json.Unmarshal(held["$acl"], &acl); err != nil {
				return fmt.Errorf("its list: %w", err)
			}
		}
	case !errors.Is(err, eventstore.ErrStreamNotFound):
		return err
	}
	for _, right := range []string{"$r", "$mr"} {
		readers := []string{admins}
		if acl[right] != nil && json.Unmarshal(acl[right], &readers) != nil {
			var one string
			if err := json.Unmarshal(acl[right], &one); err != nil {
				return fmt.Errorf("its list: %w", err)
			}
			readers = []string{one}
		}
		if !slices.Contains(readers, group) {
			readers = append(readers, group)
		}
		if acl[right], err = json.Marshal(readers); err != nil {
			return err
		}
	}
	if held["$acl"], err = json.Marshal(acl); err != nil {
		return err
	}
	data, err := json.Marshal(held)
	if err != nil {
		return err
	}
	return s.writeRaw(ctx, "$$$all", metadataType, data)
}

// setDefaults sets the lists of streams that have none of their own, unless
// somebody has.
func (s *Store) setDefaults(ctx context.Context, group string) (set bool, err error) {
	data, err := json.Marshal(map[string]map[string]any{
		esdb.UserStreamAcl: {
			"$r": []string{admins, group}, "$w": []string{admins, group}, "$d": admins, "$mr": []string{admins, group}, "$mw": admins,
		},
		esdb.SystemStreamAcl: {"$r": admins, "$w": admins, "$d": admins, "$mr": admins, "$mw": admins},
	})
	if err != nil {
		return false, err
	}
	last, err := s.lastRaw(ctx, "$settings")
	switch {
	case err == nil:
		var ours, theirs any
		_ = json.Unmarshal(data, &ours)
		return json.Unmarshal(last.Data, &theirs) == nil && fmt.Sprint(ours) == fmt.Sprint(theirs), nil
	case !errors.Is(err, eventstore.ErrStreamNotFound):
		return false, err
	}
	return true, s.writeRaw(ctx, "$settings", "update-default-acl", data)
}

// lastRaw reads the last event of a stream under the server's name.
func (s *Store) lastRaw(ctx context.Context, stream string) (eventstore.Recorded, error) {
	for e, err := range s.readRaw(ctx, stream, eventstore.EndOfStream, eventstore.Backwards, 1) {
		return e, err
	}
	return eventstore.Recorded{}, eventstore.ErrStreamNotFound
}

// writeRaw appends an event to a stream under the server's name, whatever it is
// at.
func (s *Store) writeRaw(ctx context.Context, stream, eventType string, data []byte) error {
	c, err := s.lines.acquire(ctx)
	if err != nil {
		return err
	}
	_, err = ask(ctx, c, func(c *esdb.Client) (*esdb.WriteResult, error) {
		return c.AppendToStream(s.lines.outgoing(ctx), stream, esdb.AppendToStreamOptions{
			ExpectedRevision: esdb.Any{},
		}, esdb.EventData{
			EventID: uuid.New(), EventType: eventType, ContentType: esdb.ContentTypeJson, Data: data, Metadata: []byte("{}"),
		})
	})
	return err
}
