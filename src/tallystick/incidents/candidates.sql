-- Candidate pairs: accounts of two documents that share a key under a rule, near enough in time.
-- Read: dated, undated, said; $follows are the kinds of matter that one may come under in two reports, as pairs of
-- numbers in one; $start and $stop bound the lower document of a pair.
-- Makes: candidate (l, r), l < r, each pair once.

create or replace temp table candidate as
with met as (
    select x.n as x, y.n as y
    from dated x
    join dated y on x.meet = y.meet
    where x.own and x.document >= $start and x.document < $stop and y.document > x.document
      and (x.changed or y.changed)
      and x.first - y.last <= x.within and y.first - x.last <= x.within
      -- one report's province is another's suburb: of one day both are looked at, of two only what one province holds
      and (x.province is null or y.province is null or x.province = y.province or x.first = y.first)
      and (x.matter = y.matter or 64 * x.matter + y.matter in ($follows))
    union all
    select x.n, y.n
    from undated x
    join undated y on x.meet = y.meet
    where not x.told and x.document >= $start and x.document < $stop and y.own and y.document > x.document
      and (x.changed or y.changed)
      and abs(x.published - y.published) <= x.unpublished
      and (x.province is null or y.province is null or x.province = y.province)
      and (x.matter = y.matter or 64 * x.matter + y.matter in ($follows))
    union all
    select x.n, y.n
    from undated x
    join undated y on x.meet = y.meet
    where x.told and x.document >= $start and x.document < $stop and x.own and not y.told and y.document > x.document
      and (x.changed or y.changed)
      and abs(x.published - y.published) <= x.unpublished
      and (x.province is null or y.province is null or x.province = y.province)
      and (x.matter = y.matter or 64 * x.matter + y.matter in ($follows))
    union all  -- in two parts: each is a join of few with many, which one with "or" is not
    select x.n, y.n
    from said x
    join said y on x.meet = y.meet
    where x.untold and y.bare and x.document <> y.document
      and least(x.document, y.document) >= $start and least(x.document, y.document) < $stop
      and (x.changed or y.changed)
      and (x.matter = y.matter or 64 * x.matter + y.matter in ($follows))
    union all
    select x.n, y.n
    from said x
    join said y on x.meet = y.meet
    where x.untold and x.bare and x.document <> y.document
      and least(x.document, y.document) >= $start and least(x.document, y.document) < $stop
      and (x.changed or y.changed)
      and (x.matter = y.matter or 64 * x.matter + y.matter in ($follows))
)
select distinct least(x, y) as l, greatest(x, y) as r from met;
