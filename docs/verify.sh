#!/usr/bin/env bash
# Checks a case of Tallystick without Tallystick, and changes nothing in it.
#
#   docs/verify.sh CASE [KEY.pem]
#
# Needs bash, GNU coreutils, findutils and diffutils, sqlite3 (3.38 or later) and, for signed checkpoints,
# openssl. With KEY.pem, a public key that came to you by another way, each checkpoint must be signed with it.
# The numbers are those of `tallystick verify`; docs/verify.md tells what each check rests on.
# Exit status 0: all hold. 1: something does not. 2: asked wrongly, or a tool is missing.
#
# Whoever made the folder may mean ill. So nothing but plain files is opened; of the ledger a copy is, in the mode
# of sqlite3 that writes no file and runs no program, and only when its tables and triggers are those of Tallystick;
# and what comes out of the folder is matched before it becomes part of a path or of a question.
set -u
shopt -s lastpipe # so that "check", at the end of a pipe, can remember what it was told
export LC_ALL=C
unset CDPATH

# SHA-256 of the tables, indexes and triggers of a ledger (form 2), as "schema" below lists them.
expected=624aa3a70cbace137619b0a66044d8e3e5fb93cfd0e03464f1f20af90005f208

fail() { echo "verify.sh: $*" >&2; exit 2; }
[ $# -ge 1 ] && [ -d "$1" ] || fail "name the case folder: docs/verify.sh CASE [KEY.pem]"
for tool in sqlite3 sha256sum find sort xargs diff; do
  command -v "$tool" >/dev/null || fail "there is no $tool here"
done
case=$(cd -- "$1" && pwd) key=${2:+$(realpath -- "$2")}
work=$(mktemp -d) || fail "there is no room for a copy of the ledger"
trap 'rm -rf "$work"' EXIT
mkdir "$work/bodies" "$work/names" "$work/covers"

plain() { tr '\000-\011\013-\037\177' '?'; } # what it says of the folder writes lines, and nothing else, on the screen
unread() { echo "    the ledger cannot be read: $(plain <"$work/said")"; exit 1; }

# A check reads what it finds wrong, a line each, on its standard input.
found=0
check() {
  local number=$1 sentence=$2 flaws
  flaws=$(plain | sed 's/^/      /')
  if [ -z "$flaws" ]; then
    printf '%2s  holds          %s\n' "$number" "$sentence"
  else
    printf '%2s  DOES NOT HOLD  %s\n%s\n' "$number" "$sentence" "$flaws"
    found=1
  fi
}

# ------------------------------------------------------------------------------------------ the files

(cd "$case" && find . ! -type d ! -type f -print) >"$work/odd"
if [ -s "$work/odd" ]; then
  check 2 "Nothing lies in the folder that is no part of the case." <"$work/odd"
  echo "    Links, pipes and devices are not opened, so nothing more is looked at."
  exit 1
fi
[ -f "$case/ledger.sqlite" ] || fail "there is no ledger.sqlite in the folder (docs/server.md tells what to do where it is on a server)"

files() { # every file that the manifest is to name, in the order of the paths
  cd "$case" && find . -type f ! -path './captures/*' ! -path ./manifest.sha256 \
    ! -path './ledger.sqlite-wal' ! -path './ledger.sqlite-shm' -printf '%P\0' | sort -z
}

if [ -e "$case/manifest.sha256" ]; then
  {
    (files | (cd "$case" && xargs -0 -r sha256sum --)) | diff "$case/manifest.sha256" - | grep '^[<>]'
    [ -s "$case/ledger.sqlite-wal" ] && echo "ledger.sqlite-wal holds rows that came after the manifest"
  } | check 1 "Every file is as manifest.sha256 says (<), and no other is there (>)."
else
  echo " 1  note           There is no manifest.sha256: a command is at work, or was cut short."
fi

ours='\./(ledger\.sqlite(-wal|-shm|\.moved)?|case\.toml|manifest\.sha256|captures/[0-9a-f]{2}/[0-9a-f]{64}'
ours+='|lists/[0-9a-f]{64}/.*|dossier/.*|checkpoints/[0-9]+\.(json|sig|tsr)|keys/[^/]+\.pem)'
(cd "$case" && find . -regextype posix-extended -type f ! -regex "$ours") |
  check 2 "Nothing lies in the folder that is no part of the case."

# ------------------------------------------------------------------------------------------ the ledger

cp "$case/ledger.sqlite" "$work/" || fail "the ledger cannot be copied"
[ ! -s "$case/ledger.sqlite-wal" ] || cp "$case/ledger.sqlite-wal" "$work/"
chmod -R u+w "$work"
safely() { (cd "$work" && sqlite3 -batch -bail -safe -init /dev/null "$@") 2>&1; }
ask() { safely ledger.sqlite "$@"; }
look() { safely -readonly 'file:ledger.sqlite?mode=ro&immutable=1' "PRAGMA trusted_schema = OFF" "$@"; }
ask "PRAGMA journal_mode = DELETE" >"$work/said" || unread # rows beside the file are brought into the copy

schema() { # every table, index, trigger and view, with single spaces
  look "SELECT type, name, tbl_name, COALESCE(sql, '') FROM sqlite_master ORDER BY type, name" | tr -s '[:space:]' ' '
}
sum=$(schema | sha256sum)
{
  look "PRAGMA integrity_check" | grep -vx ok
  [ "${sum%% *}" = "$expected" ] || echo "its tables, indexes and triggers are not exactly those of a ledger (form 2)"
} >"$work/unsound"
check 3 "The ledger is a sound database, with the tables and triggers of a ledger and nothing else." <"$work/unsound"
if [ "${sum%% *}" != "$expected" ] || [ "$(for table in captures documents claims judgements reviews custody; do
  look "SELECT COUNT(*) FROM $table WHERE typeof(seq) <> 'integer' OR seq < 1"
done | sort -u)" != 0 ]; then
  echo "    What is stored in another way is not looked into, so nothing more is looked at."
  exit 1
fi

# One view of all rows. What a row is called follows from its body: its id is a word and the first 24 digits of
# the SHA-256 of these parts of it (a capture's is the SHA-256 of its bytes).
ask "
CREATE TABLE every AS
  SELECT 'captures' AS tab, seq, id, about, turn, '-' AS reading, body, NULL AS named FROM captures
  UNION ALL SELECT 'documents', seq, id, about, turn, '-', body,
    '[' || (body->'capture') || ',' || (body->'name') || ',' || (body->'text') || ']' FROM documents
  UNION ALL SELECT 'claims', seq, id, about, turn, reading, body,
    '[' || (body->'span') || ',' || (body->'topic') || ',' || (body->'value') || ',' || (body->'voices')
    || ',' || (body->'stance') || ',' || (body->'telling') || ']' FROM claims
  UNION ALL SELECT 'judgements', seq, id, about, turn, '-', body, '[' || body || ']' FROM judgements
  UNION ALL SELECT 'reviews', seq, id, about, turn, '-', body, '[' || body || ']' FROM reviews
  UNION ALL SELECT 'custody', seq, id, about, turn, '-', body, '[' || body || ']' FROM custody;
CREATE TABLE expunged AS
  SELECT value->>'table' AS tab, value->>'seq' AS seq, value->>'was' AS was, value->>'now' AS now, custody.seq AS at
  FROM custody, json_each(body, '\$.facts.expunged') WHERE what = 'expunged'
  AND length(CAST(value->>'was' AS BLOB)) = 64 AND value->>'was' NOT GLOB '*[^0-9a-f]*';
" >"$work/said" || unread

put() { # each line is the name of a row and bytes in hexadecimal: they become files in the folder $1
  sed -E 's/ /\n/; h; s/.*\n//; s/../\\x&/g; x; s/\n.*//; G; s/\n/ /' "$work/said" >"$work/escaped"
  while read -r name bytes; do
    [[ $name =~ ^[a-z]+\.[0-9]{1,18}$ && $bytes =~ ^(\\x[0-9A-F]{2})*$ ]] || unread
    printf "$bytes" >"$work/$1/$name"
  done <"$work/escaped"
}
ask "SELECT tab || '.' || seq || ' ' || hex(body) FROM every" >"$work/said" || unread
put bodies
ask "SELECT tab || '.' || seq || ' ' || hex(COALESCE(named, '')) FROM every" >"$work/said" || unread
put names
gone='{"expunged":true}' # the body of a row that went whole

# SHA-256 of each body (as it was stored first, where a row was expunged) and of what each id is made of.
sums() { (cd "$work/$1" && find . -type f -printf '%P\0' | sort -z | xargs -0 -r sha256sum --); }
into() { # the sums as rows of the table $1; what is not exactly a sum and the name of a row is none
  echo "CREATE TABLE $1 (tab, seq INTEGER, sum); BEGIN;"
  sed -nE "s/^([0-9a-f]{64})  ([a-z]+)\\.([0-9]{1,18})\$/INSERT INTO $1 VALUES ('\\2', \\3, '\\1');/p"
  echo "COMMIT;"
}
{ sums bodies | into sums; sums names | into names; } >"$work/sums.sql"
ask <"$work/sums.sql" >"$work/said" || unread
ask \
  "CREATE TABLE stored AS SELECT tab, seq, COALESCE((SELECT was FROM expunged e WHERE e.tab = s.tab
     AND e.seq = s.seq ORDER BY at LIMIT 1), sum) AS sum FROM sums s" \
  "CREATE UNIQUE INDEX stored_row ON stored (tab, seq)" "CREATE UNIQUE INDEX every_row ON every (tab, seq)" \
  >"$work/said" || unread

ask "SELECT tab || ': ' || (MAX(seq) - COUNT(*)) || ' of ' || MAX(seq) || ' rows are missing'
  FROM every GROUP BY tab HAVING MAX(seq) <> COUNT(*)" |
  check 4 "No row is missing between the first and the last."

ask "SELECT tab || ', row ' || seq || ' (' || id || ') does not hold what its id was made of'
  FROM every JOIN names n USING (tab, seq) WHERE NOT (body = '$gone' AND EXISTS (SELECT 1 FROM expunged e
  WHERE e.tab = every.tab AND e.seq = every.seq)) AND (json(body) <> body OR turn <> (SELECT COUNT(*) FROM every o WHERE o.tab = every.tab
  AND o.about = every.about AND o.seq < every.seq) OR id <> CASE tab WHEN 'captures' THEN body->>'id'
  ELSE substr(id, 1, 4) || substr(n.sum, 1, 24) END)" |
  check 5 "Every row is spelt as JSON is spelt, and its id follows from it."

ask "SELECT seq, CASE WHEN length(CAST(chain AS BLOB)) = 64 AND chain NOT GLOB '*[^0-9a-f]*' THEN chain
  ELSE 'none' END, s.sum FROM custody JOIN stored s USING (seq) WHERE s.tab = 'custody' ORDER BY seq" \
  >"$work/chain.txt"
before=$(printf 'tallystick custody 1' | sha256sum) before=${before%% *}
while IFS='|' read -r seq value sum; do
  due=$(printf '%s\n%s' "$before" "$sum" | sha256sum)
  [ "${due%% *}" = "$value" ] || echo "custody, row $seq: the chain does not go on from the event before"
  before=$value
done <"$work/chain.txt" | check 6 "Every custody event is chained to the one before."

ask "
CREATE TABLE covered AS
  SELECT c.seq AS event, r.key AS tab, r.value->>0 AS first, r.value->>1 AS last, c.body->>'\$.facts.sum' AS told
  FROM custody c, json_each(c.body, '\$.facts.rows') r;
SELECT 'custody.' || event || ' ' || hex(group_concat(line, '')) FROM (
  SELECT event, e.tab || ' ' || e.seq || ' ' || e.reading || ' ' || s.sum || char(10) AS line
  FROM covered JOIN every e ON e.tab = covered.tab AND e.seq BETWEEN first AND last
  JOIN stored s ON s.tab = e.tab AND s.seq = e.seq ORDER BY event, e.tab, e.seq) GROUP BY event" >"$work/said" || unread
put covers
sums covers | into totals >"$work/sums.sql"
ask <"$work/sums.sql" >"$work/said" || unread
{
  ask "SELECT DISTINCT 'custody, row ' || event || ': the rows it covers do not hold what was stored then'
     FROM covered LEFT JOIN totals t ON t.seq = event WHERE t.sum IS NOT told"
  ask "SELECT e.tab || ', row ' || e.seq || ': ' || COUNT(c.event) || ' custody events cover it, not one'
    FROM every e LEFT JOIN covered c ON c.tab = e.tab AND e.seq BETWEEN c.first AND c.last
    WHERE e.tab <> 'custody' GROUP BY e.tab, e.seq HAVING COUNT(c.event) <> 1"
  ask "SELECT DISTINCT 'custody, row ' || event || ': it covers ' || tab || ' up to row ' || last || ', which is not there'
    FROM covered c WHERE NOT EXISTS (SELECT 1 FROM every e WHERE e.tab = c.tab AND e.seq = c.last)"
  ask "SELECT tab || ', row ' || seq || ': it is not as it was left when expunged' FROM expunged e JOIN sums s USING (tab, seq)
    WHERE s.sum <> now AND at = (SELECT MAX(at) FROM expunged o WHERE o.tab = e.tab AND o.seq = e.seq)"
} | check 7 "Every row was stored by one custody event, as it is now."

# ------------------------------------------------------------------------------------------ what it is about

{
  (cd "$case" && [ ! -d captures ] || find captures -type f -name '[0-9a-f]*' -print0 | sort -z | xargs -0 -r sha256sum --) |
    while read -r sum path; do [ "$sum" = "${path##*/}" ] || echo "$path was changed: its SHA-256 is now $sum"; done
  ask "SELECT id, body->>'size' FROM captures c WHERE NOT EXISTS (SELECT 1 FROM expunged e
      WHERE e.tab = 'captures' AND e.seq = c.seq)" |
    while IFS='|' read -r id size; do
      [[ $id =~ ^[0-9a-f]{64}$ && $size =~ ^[0-9]{1,18}$ ]] || { echo "a row of captures has no SHA-256 or no size"; continue; }
      path=captures/${id:0:2}/$id
      there=$(find "$case/$path" -type f -printf '%s' 2>/dev/null)
      [ "$there" = "$size" ] || echo "$path is missing, or is not of $size bytes"
    done
} | check 8 "Every report is there, in the bytes that were received."

ask "SELECT 'documents, row ' || seq || ' (' || id || '): its capture is not there' FROM documents
  WHERE body->>'capture' NOT IN (SELECT id FROM captures)" |
  check 9 "Every text belongs to a report (that it is what the report reads, only a reader can tell)."

ask "
CREATE TABLE texts AS SELECT id, body->>'text' AS text FROM documents GROUP BY id;
CREATE UNIQUE INDEX texts_by_id ON texts (id);
SELECT DISTINCT 'claims, row ' || c.seq || ' (' || c.id || '): its words do not stand in ' || (q.value->>'document')
  FROM claims c, json_tree(c.body) q LEFT JOIN texts t ON t.id = q.value->>'document'
  WHERE q.type = 'object' AND q.value->'quote' IS NOT NULL AND NOT EXISTS (SELECT 1 FROM expunged e
    WHERE e.tab = 'claims' AND e.seq = c.seq)
  AND substr(t.text, (q.value->>'start') + 1, (q.value->>'end') - (q.value->>'start')) IS NOT q.value->>'quote'" |
  check 10 "Every claim quotes words that stand where it says."

ask "SELECT DISTINCT item, hex(body->>'\$.facts.name') FROM custody c WHERE what = 'listed' AND NOT EXISTS (
    SELECT 1 FROM expunged e WHERE e.tab = 'custody' AND e.seq = c.seq)" |
  while IFS='|' read -r sum hex; do
    [[ $sum =~ ^[0-9a-f]{64}$ && $hex =~ ^([0-9A-F]{2})+$ ]] || { echo "a list has no SHA-256 or no name"; continue; }
    printf -v name "$(sed 's/../\\x&/g' <<<"$hex")"
    case $name in */* | . | ..) echo "a list has a name that no file has"; continue ;; esac
    path=lists/$sum/$name
    [ -e "$case/$path" ] || echo "$path is missing"
    [ ! -f "$case/$path" ] || [ "$(sha256sum <"$case/$path")" = "$sum  -" ] || echo "$path was changed"
  done | check 11 "Every list is there (one that is a folder is held by the manifest alone)."

# ------------------------------------------------------------------------------------------ who stands for it

signed() { # whether a checkpoint is signed with the key that was given or, without one, with one of the case
  local each
  for each in ${key:+"$key"}; do
    openssl pkeyutl -verify -pubin -inkey "$each" -rawin -in "$1" -sigfile "${1%.json}.sig" >/dev/null 2>&1 && return
  done
  [ -z "$key" ] && for each in "$case"/keys/*.pem; do
    openssl pkeyutl -verify -pubin -inkey "$each" -rawin -in "$1" -sigfile "${1%.json}.sig" >/dev/null 2>&1 && return
  done
}
if compgen -G "$case/checkpoints/*.json" >/dev/null; then
  command -v openssl >/dev/null || fail "there is no openssl here, and the case is signed"
  echo 0 >"$work/reach" # the last event that a signature covers
  for checkpoint in "$case"/checkpoints/*.json; do
    name=checkpoints/${checkpoint##*/}
    ours=1
    signed "$checkpoint" || { ours=; echo "$name is not signed with ${key:-a key of the case}"; }
    [[ $name =~ ^checkpoints/[0-9]{6,18}\.json$ ]] || { echo "a file in checkpoints/ has no number for its name"; continue; }
    hex=$(head -c 1000000 -- "$checkpoint" | od -An -v -tx1 | tr -d ' \n')
    echo "SELECT j->>'seq', j->>'chain' FROM (SELECT CAST(X'$hex' AS TEXT) AS j);" | safely :memory: | IFS='|' read -r seq value
    [[ $seq =~ ^(0|[1-9][0-9]{0,17})$ && $value =~ ^[0-9a-f]{64}$ ]] || { echo "$name is no checkpoint"; continue; }
    [ "$name" = "checkpoints/$(printf %06d "$seq").json" ] || echo "$name is the checkpoint of another event, $seq"
    [ "$(ask "SELECT chain FROM custody WHERE seq = $seq")" = "$value" ] ||
      { ours=; echo "$name signed another record: its custody event $seq has another chain value here"; }
    [ -z "$ours" ] || [ "$seq" -le "$(cat "$work/reach")" ] || echo "$seq" >"$work/reach"
  done | check 12 "Every checkpoint is signed, and the record still goes through it."
else
  echo "12  note           Nothing is signed: whoever held the folder could have written all of it anew."
fi

{
  ask "
  CREATE TABLE touched AS SELECT every.* FROM every JOIN sums s USING (tab, seq) WHERE EXISTS (SELECT 1 FROM expunged e
    WHERE e.tab = every.tab AND e.seq = every.seq AND e.was <> s.sum);
  CREATE TABLE called AS SELECT id FROM touched WHERE body <> '$gone' AND instr(body, char(9608))
    UNION SELECT account FROM claims WHERE EXISTS (SELECT 1 FROM touched t WHERE tab = 'claims' AND t.seq = claims.seq)
    UNION SELECT t.id FROM touched t WHERE tab = 'claims' UNION SELECT reading FROM touched WHERE tab = 'claims'
    UNION SELECT body->>'claim' FROM touched WHERE tab = 'reviews' AND body->'correction' <> 'null';
  SELECT tab || ', row ' || seq || ' (' || id || '): told to be expunged, and nothing is taken out of it' FROM touched
    WHERE NOT (body = '$gone' AND tab NOT IN ('captures', 'custody')) AND NOT instr(body, char(9608)) AND CASE tab
      WHEN 'captures' THEN body->>'origin' <> '' OR body->>'media_type' <> ''
      WHEN 'claims' THEN NOT EXISTS (SELECT 1 FROM called WHERE called.id = body->>'\$.span.document')
      WHEN 'custody' THEN body->>'note' <> '' AND NOT EXISTS (SELECT 1 FROM called WHERE instr(body, called.id))
      ELSE NOT EXISTS (SELECT 1 FROM called WHERE instr(body, called.id)) END;
  SELECT 'custody, row ' || seq || ': it tells of an expunging without two people and a reason' FROM custody
    WHERE what = 'expunged' AND (trim(COALESCE(body->>'by', '')) = '' OR trim(COALESCE(body->>'note', '')) = ''
      OR trim(COALESCE(body->>'\$.facts.second', '')) = '' OR (body->>'by' = body->>'\$.facts.second'
      AND NOT instr(body->>'by', char(9608))))"
  [ -z "$key" ] || ask "SELECT 'custody, row ' || seq || ': no later checkpoint signed with that key covers this expunging'
    FROM custody WHERE what = 'expunged' AND seq > $(cat "$work/reach" 2>/dev/null || echo 0)"
  [ ! -e "$case/expunging" ] || echo "expunging: an expunging was cut short"
  ask "SELECT DISTINCT value FROM custody c, json_each(c.body, '\$.facts.captures') WHERE c.what = 'expunged' AND NOT EXISTS
      (SELECT 1 FROM custody r WHERE r.what = 'readmitted' AND r.item = value AND r.seq > c.seq)" |
    while read -r id; do
      [[ $id =~ ^[0-9a-f]{64}$ ]] || { echo "a capture that was expunged has no SHA-256"; continue; }
      [ ! -e "$case/captures/${id:0:2}/$id" ] || echo "captures/${id:0:2}/$id was expunged, and is there"
    done
} | check 14 "What was expunged is gone, and nothing else; a key that is given answers for it."
ask "SELECT '    note: on ' || (body->>'at') || ' ' || (body->>'by') || ' and ' || COALESCE(body->>'\$.facts.second', 'nobody')
  || ' took out a name or reports (' || (body->>'note') || '); rows rewritten: '
  || COALESCE(json_array_length(body, '\$.facts.expunged'), 0) FROM custody WHERE what = 'expunged'" | tr -d '\000-\010\013-\037\177'

exports="SELECT body->>'\$.facts.sha256' FROM custody WHERE what = 'exported' AND item = 'dossier'"
if [ -d "$case/dossier" ]; then
  ask "$exports AND body->>'\$.facts.within' = 1 ORDER BY seq DESC LIMIT 1" >"$work/due"
  # An older Tallystick did not tell where to a dossier was written: then it is to be one of those.
  [ -s "$work/due" ] || ask "$exports AND body->'\$.facts.within' IS NULL" >"$work/due"
  sum=$( (cd "$case/dossier" && find . -type f -printf '%P\0' | sort -z | xargs -0 -r sha256sum --) | sha256sum)
  grep -qxF "${sum%% *}" "$work/due" || echo "dossier/ is not what was last written there" >"$work/misshown"
fi
if [ -e "$work/misshown" ] && [ ! -e "$case/manifest.sha256" ]; then
  echo "15  note           dossier/ is not what was last written there; a command is at work, or was cut short."
else
  cat -- "$work/misshown" 2>/dev/null | check 15 "The dossier is what was written there last, or there is none."
fi
echo "16  note           Whether case.toml says what the record does is looked at by tallystick verify alone."
exit "$found"
