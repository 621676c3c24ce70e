-- Notices as they stand, those that something happened to last first.
WITH
    standing AS
    (
        SELECT
            notice,
            any(kind) AS kind_of, any(clause) AS clause_of, any(cause_position) AS caused_at, any(cause_type) AS caused_by,
            any(project) AS project_of, any(center) AS center_of, any(region) AS region_of,
            argMax(event_type, position) AS last,
            multiIf(last = 'NoticeSent', 'SENT', last = 'NoticeResendRequested', 'ASKED_FOR', argMax(outlook, position)) AS status,
            argMaxIf(subject, position, event_type != 'NoticeResendRequested') AS subject_of,
            argMaxIf(told, position, event_type != 'NoticeResendRequested') AS told_to,
            argMaxIf(copied, position, event_type != 'NoticeResendRequested') AS copied_to,
            argMaxIf(refused, position, event_type != 'NoticeResendRequested') AS refused_by,
            max(copy) AS copies,
            argMaxIf(message_id, position, event_type = 'NoticeSent') AS mail,
            argMaxIf(channel, position, event_type = 'NoticeSent') AS left_by,
            argMax(reason, position) AS why, argMax(detail, position) AS more, argMax(attempts, position) AS tried,
            argMax(by, position) AS asked_by,
            argMax(on_date, position) AS last_on, argMax(recorded_at, position) AS last_at, max(position) AS at
        FROM notices
        WHERE on_date <= {as_of:Date}
          AND ({center:String} = '' OR center = {center:String})
          AND ({region:String} = '' OR region = {region:String})
          AND ({project:String} = '' OR project = {project:String})
          AND ({kind:String} = '' OR kind = {kind:String})
        GROUP BY notice
    )
SELECT notice, kind_of AS kind, clause_of AS clause, status, center_of AS center, project_of AS project, region_of AS region,
    subject_of AS subject, told_to AS `to`, copied_to AS cc, refused_by AS refused, copies, mail AS messageID, left_by AS channel,
    why AS reason, more AS detail, tried AS attempts, asked_by AS askedBy, last_on AS `on`, last_at AS recordedAt, at AS position,
    caused_by AS cause, caused_at AS causedAt
FROM standing
WHERE ({status:String} = '' OR status = {status:String})
  AND last_on >= {from_date:Date}
  AND at < {before:UInt64}
ORDER BY at DESC
LIMIT {row_limit:UInt64}
