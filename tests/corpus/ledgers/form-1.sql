PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE captures (
	seq INTEGER NOT NULL CHECK (seq > 0), 
	id TEXT NOT NULL, 
	about TEXT NOT NULL, 
	turn INTEGER NOT NULL, 
	body TEXT NOT NULL, 
	PRIMARY KEY (seq), 
	UNIQUE (about, turn)
);
INSERT INTO captures VALUES(1,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',0,'{"by":"test","id":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","media_type":"text/plain","origin":"a.txt","received":"2019-05-17T10:00:00Z","size":70}');
CREATE TABLE documents (
	seq INTEGER NOT NULL CHECK (seq > 0), 
	id TEXT NOT NULL, 
	about TEXT NOT NULL, 
	turn INTEGER NOT NULL, 
	capture TEXT, 
	name TEXT, 
	body TEXT NOT NULL, 
	PRIMARY KEY (seq), 
	UNIQUE (about, turn)
);
INSERT INTO documents VALUES(1,'doc-c8dfe22580a83cef3137213d','doc-c8dfe22580a83cef3137213d',0,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','a','{"capture":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","language":null,"name":"a","published":null,"published_from":null,"publisher":null,"text":"At least 12 people were killed in Solem on Friday, the hospital said.","title":null,"url":null}');
INSERT INTO documents VALUES(2,'doc-c8dfe22580a83cef3137213d','doc-c8dfe22580a83cef3137213d',1,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','a','{"capture":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","language":null,"name":"a","published":"2019-05-17","published_from":"user","publisher":null,"text":"At least 12 people were killed in Solem on Friday, the hospital said.","title":null,"url":null}');
CREATE TABLE claims (
	seq INTEGER NOT NULL CHECK (seq > 0), 
	id TEXT NOT NULL, 
	about TEXT NOT NULL, 
	turn INTEGER NOT NULL, 
	reading TEXT, 
	document TEXT, 
	account TEXT, 
	body TEXT NOT NULL, 
	PRIMARY KEY (seq), 
	UNIQUE (about, turn)
);
INSERT INTO claims VALUES(1,'clm-ea7bcbe19c217ed3ff891ee4','rdg-6af6014f929f5ff4c8725a66 clm-ea7bcbe19c217ed3ff891ee4',0,'rdg-6af6014f929f5ff4c8725a66','doc-c8dfe22580a83cef3137213d','acc-7f537b7baadbc3fd815c05d5','{"confidence":null,"maker":{"name":"reader","version":"1"},"span":{"document":"doc-c8dfe22580a83cef3137213d","end":69,"quote":"At least 12 people were killed in Solem on Friday, the hospital said.","start":0},"stance":"stated","telling":{"document":"doc-c8dfe22580a83cef3137213d","end":69,"quote":"At least 12 people were killed in Solem on Friday, the hospital said.","start":0},"topic":"attack","value":{"aggregate":false,"kind":"killing","place":null,"primary":false,"target":null,"weapon":null,"when":{"end":null,"precision":"unknown","start":null,"stretch":false,"words":null}},"voices":[]}');
INSERT INTO claims VALUES(2,'clm-413b6aaff4df3fa82962f66c','rdg-6af6014f929f5ff4c8725a66 clm-413b6aaff4df3fa82962f66c',0,'rdg-6af6014f929f5ff4c8725a66','doc-c8dfe22580a83cef3137213d','acc-7f537b7baadbc3fd815c05d5','{"confidence":null,"maker":{"name":"reader","version":"1"},"span":{"document":"doc-c8dfe22580a83cef3137213d","end":11,"quote":"At least 12","start":0},"stance":"stated","telling":{"document":"doc-c8dfe22580a83cef3137213d","end":69,"quote":"At least 12 people were killed in Solem on Friday, the hospital said.","start":0},"topic":"casualties","value":{"count":{"above":false,"approx":false,"high":null,"low":12},"group":"people","kind":"killed"},"voices":[{"name":"the hospital","party":null,"span":{"document":"doc-c8dfe22580a83cef3137213d","end":63,"quote":"the hospital","start":51}}]}');
INSERT INTO claims VALUES(3,'clm-413b6aaff4df3fa82962f66c','rdg-42ae767cd3c7a88a17b6f798 clm-413b6aaff4df3fa82962f66c',0,'rdg-42ae767cd3c7a88a17b6f798','doc-c8dfe22580a83cef3137213d','acc-7f537b7baadbc3fd815c05d5','{"confidence":null,"maker":{"name":"reader","version":"2"},"span":{"document":"doc-c8dfe22580a83cef3137213d","end":11,"quote":"At least 12","start":0},"stance":"stated","telling":{"document":"doc-c8dfe22580a83cef3137213d","end":69,"quote":"At least 12 people were killed in Solem on Friday, the hospital said.","start":0},"topic":"casualties","value":{"count":{"above":false,"approx":false,"high":null,"low":12},"group":"people","kind":"killed"},"voices":[{"name":"the hospital","party":null,"span":{"document":"doc-c8dfe22580a83cef3137213d","end":63,"quote":"the hospital","start":51}}]}');
CREATE TABLE judgements (
	seq INTEGER NOT NULL CHECK (seq > 0), 
	id TEXT NOT NULL, 
	about TEXT NOT NULL, 
	turn INTEGER NOT NULL, 
	"left" TEXT, 
	"right" TEXT, 
	maker TEXT, 
	body TEXT NOT NULL, 
	PRIMARY KEY (seq), 
	UNIQUE (about, turn)
);
INSERT INTO judgements VALUES(1,'jdg-20111618c410b51a98690443','acc-1 acc-2 program',0,'acc-1','acc-2','program','{"left":"acc-1","maker":{"name":"linker","version":"1"},"reasons":["same day"],"right":"acc-2","score":2.5,"verdict":"same"}');
CREATE TABLE reviews (
	seq INTEGER NOT NULL CHECK (seq > 0), 
	id TEXT NOT NULL, 
	about TEXT NOT NULL, 
	turn INTEGER NOT NULL, 
	claim TEXT, 
	body TEXT NOT NULL, 
	PRIMARY KEY (seq), 
	UNIQUE (about, turn)
);
INSERT INTO reviews VALUES(1,'rev-02ad8860b85522a4add2a5be','clm-413b6aaff4df3fa82962f66c',0,'clm-413b6aaff4df3fa82962f66c','{"by":"Anna","claim":"clm-413b6aaff4df3fa82962f66c","correction":null,"note":"","verdict":"upheld"}');
CREATE TABLE custody (
	seq INTEGER NOT NULL CHECK (seq > 0), 
	id TEXT NOT NULL, 
	about TEXT NOT NULL, 
	turn INTEGER NOT NULL, 
	what TEXT, 
	item TEXT, 
	body TEXT NOT NULL, 
	PRIMARY KEY (seq), 
	UNIQUE (about, turn)
);
INSERT INTO custody VALUES(1,'evt-401d4ba6f44ef12673cbcd06','received aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',0,'received','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','{"at":"2019-05-17T10:00:00Z","by":"test","facts":{"origin":"a.txt"},"item":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","note":"","what":"received"}');
INSERT INTO custody VALUES(2,'evt-409c0fe8d123dcf1058974f5','read doc-c8dfe22580a83cef3137213d',0,'read','doc-c8dfe22580a83cef3137213d','{"at":"2019-05-18T00:00:00Z","by":"test","facts":{"claims":2,"reading":"rdg-6af6014f929f5ff4c8725a66"},"item":"doc-c8dfe22580a83cef3137213d","note":"","what":"read"}');
INSERT INTO custody VALUES(3,'evt-70d26a31867e5c6eadad0fb0','read doc-c8dfe22580a83cef3137213d',1,'read','doc-c8dfe22580a83cef3137213d','{"at":"2019-05-18T00:00:00Z","by":"test","facts":{"claims":1,"reading":"rdg-42ae767cd3c7a88a17b6f798"},"item":"doc-c8dfe22580a83cef3137213d","note":"","what":"read"}');
INSERT INTO custody VALUES(4,'evt-b597697e7da2da7ce8460559','kept doc-c8dfe22580a83cef3137213d',0,'kept','doc-c8dfe22580a83cef3137213d','{"at":"2019-05-18T00:00:01Z","by":"test","facts":{"name":"a"},"item":"doc-c8dfe22580a83cef3137213d","note":"","what":"kept"}');
CREATE INDEX documents_by_capture ON documents (capture);
CREATE INDEX documents_by_name ON documents (name);
CREATE INDEX claims_by_document ON claims (document);
CREATE INDEX claims_by_account ON claims (account);
CREATE INDEX claims_by_reading ON claims (reading);
CREATE INDEX judgements_by_right ON judgements ("right");
CREATE INDEX judgements_by_maker ON judgements (maker);
CREATE INDEX judgements_by_left ON judgements ("left");
CREATE INDEX reviews_by_claim ON reviews (claim);
CREATE INDEX custody_by_what ON custody (what);
CREATE INDEX custody_by_item ON custody (item);
CREATE TRIGGER captures_only_grow_insert BEFORE INSERT ON captures WHEN (NEW.seq IS NOT NULL AND NEW.seq <> -1 AND NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM captures)) OR NEW.turn IS NOT (SELECT COUNT(*) FROM captures WHERE about = NEW.about) OR EXISTS (SELECT 1 FROM captures WHERE about = NEW.about AND turn = NEW.turn - 1 AND body = NEW.body) BEGIN SELECT RAISE(ABORT, 'captures only grow: rows are appended at the end, never changed, replaced, repeated or removed'); END;
CREATE TRIGGER captures_only_grow_update BEFORE UPDATE ON captures BEGIN SELECT RAISE(ABORT, 'captures only grow: rows are appended at the end, never changed, replaced, repeated or removed'); END;
CREATE TRIGGER captures_only_grow_delete BEFORE DELETE ON captures BEGIN SELECT RAISE(ABORT, 'captures only grow: rows are appended at the end, never changed, replaced, repeated or removed'); END;
CREATE TRIGGER documents_only_grow_insert BEFORE INSERT ON documents WHEN (NEW.seq IS NOT NULL AND NEW.seq <> -1 AND NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM documents)) OR NEW.turn IS NOT (SELECT COUNT(*) FROM documents WHERE about = NEW.about) OR EXISTS (SELECT 1 FROM documents WHERE about = NEW.about AND turn = NEW.turn - 1 AND body = NEW.body) BEGIN SELECT RAISE(ABORT, 'documents only grow: rows are appended at the end, never changed, replaced, repeated or removed'); END;
CREATE TRIGGER documents_only_grow_update BEFORE UPDATE ON documents BEGIN SELECT RAISE(ABORT, 'documents only grow: rows are appended at the end, never changed, replaced, repeated or removed'); END;
CREATE TRIGGER documents_only_grow_delete BEFORE DELETE ON documents BEGIN SELECT RAISE(ABORT, 'documents only grow: rows are appended at the end, never changed, replaced, repeated or removed'); END;
CREATE TRIGGER claims_only_grow_insert BEFORE INSERT ON claims WHEN (NEW.seq IS NOT NULL AND NEW.seq <> -1 AND NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM claims)) OR NEW.turn IS NOT (SELECT COUNT(*) FROM claims WHERE about = NEW.about) OR EXISTS (SELECT 1 FROM claims WHERE about = NEW.about AND turn = NEW.turn - 1 AND body = NEW.body) BEGIN SELECT RAISE(ABORT, 'claims only grow: rows are appended at the end, never changed, replaced, repeated or removed'); END;
CREATE TRIGGER claims_only_grow_update BEFORE UPDATE ON claims BEGIN SELECT RAISE(ABORT, 'claims only grow: rows are appended at the end, never changed, replaced, repeated or removed'); END;
CREATE TRIGGER claims_only_grow_delete BEFORE DELETE ON claims BEGIN SELECT RAISE(ABORT, 'claims only grow: rows are appended at the end, never changed, replaced, repeated or removed'); END;
CREATE TRIGGER judgements_only_grow_insert BEFORE INSERT ON judgements WHEN (NEW.seq IS NOT NULL AND NEW.seq <> -1 AND NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM judgements)) OR NEW.turn IS NOT (SELECT COUNT(*) FROM judgements WHERE about = NEW.about) OR EXISTS (SELECT 1 FROM judgements WHERE about = NEW.about AND turn = NEW.turn - 1 AND body = NEW.body) BEGIN SELECT RAISE(ABORT, 'judgements only grow: rows are appended at the end, never changed, replaced, repeated or removed'); END;
CREATE TRIGGER judgements_only_grow_update BEFORE UPDATE ON judgements BEGIN SELECT RAISE(ABORT, 'judgements only grow: rows are appended at the end, never changed, replaced, repeated or removed'); END;
CREATE TRIGGER judgements_only_grow_delete BEFORE DELETE ON judgements BEGIN SELECT RAISE(ABORT, 'judgements only grow: rows are appended at the end, never changed, replaced, repeated or removed'); END;
CREATE TRIGGER reviews_only_grow_insert BEFORE INSERT ON reviews WHEN (NEW.seq IS NOT NULL AND NEW.seq <> -1 AND NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM reviews)) OR NEW.turn IS NOT (SELECT COUNT(*) FROM reviews WHERE about = NEW.about) OR EXISTS (SELECT 1 FROM reviews WHERE about = NEW.about AND turn = NEW.turn - 1 AND body = NEW.body) BEGIN SELECT RAISE(ABORT, 'reviews only grow: rows are appended at the end, never changed, replaced, repeated or removed'); END;
CREATE TRIGGER reviews_only_grow_update BEFORE UPDATE ON reviews BEGIN SELECT RAISE(ABORT, 'reviews only grow: rows are appended at the end, never changed, replaced, repeated or removed'); END;
CREATE TRIGGER reviews_only_grow_delete BEFORE DELETE ON reviews BEGIN SELECT RAISE(ABORT, 'reviews only grow: rows are appended at the end, never changed, replaced, repeated or removed'); END;
CREATE TRIGGER custody_only_grow_insert BEFORE INSERT ON custody WHEN (NEW.seq IS NOT NULL AND NEW.seq <> -1 AND NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM custody)) OR NEW.turn IS NOT (SELECT COUNT(*) FROM custody WHERE about = NEW.about) OR EXISTS (SELECT 1 FROM custody WHERE about = NEW.about AND turn = NEW.turn - 1 AND body = NEW.body) BEGIN SELECT RAISE(ABORT, 'custody only grow: rows are appended at the end, never changed, replaced, repeated or removed'); END;
CREATE TRIGGER custody_only_grow_update BEFORE UPDATE ON custody BEGIN SELECT RAISE(ABORT, 'custody only grow: rows are appended at the end, never changed, replaced, repeated or removed'); END;
CREATE TRIGGER custody_only_grow_delete BEFORE DELETE ON custody BEGIN SELECT RAISE(ABORT, 'custody only grow: rows are appended at the end, never changed, replaced, repeated or removed'); END;
COMMIT;
PRAGMA user_version = 1;
