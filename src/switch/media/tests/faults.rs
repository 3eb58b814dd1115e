//! Every fault of this half shows, and without it the same steps show nothing of the kind.

use super::*;
use crate::switch::fault::Fault;

/// Whether the steps show what the fault does, with it and without.
fn proves(fault: Fault, policy: &RoomPolicy, shows: impl Fn(&mut World) -> bool) {
    let mut sound = World::new(policy.clone());
    assert!(!shows(&mut sound), "{fault} shows in a sound switch");
    let mut faulty = World::with(policy.clone(), fault.into(), |_| {});
    assert!(shows(&mut faulty), "{fault} does not show");
}

fn three(world: &mut World) -> (Party, Party, Party) {
    (world.join("alice", 1), world.join("bob", 2), world.join("carol", 3))
}

/// Sends chunks of a message to the room, cut at these places; gives the statuses.
fn in_chunks(world: &mut World, party: &Party, text: &str, cuts: &[usize], last: char) -> Vec<u16> {
    let mut from = 0;
    let ends: Vec<usize> = cuts.iter().copied().chain([text.len()]).collect();
    for (at, to) in ends.iter().enumerate() {
        let lines = format!(
            "Message-ID: chunked1\r\nByte-Range: {}-{to}/{}\r\nContent-Type: message/cpim\r\n",
            from + 1,
            text.len()
        );
        let flag = if at + 1 == ends.len() { last } else { '+' };
        world.request(party, "SEND", &lines, Some(&text[from..*to]), flag);
        from = *to;
    }
    world.statuses(party)
}

#[test]
fn faults_of_nicknames() {
    let room = open_room();
    let asked = |world: &mut World, value: &str| {
        let alice = world.join("alice", 1);
        world.nickname(&alice, value)
    };
    proves(Fault::NicknameAutoAssigned, &room, |world| {
        let (phone, _desk, bob) = (world.join("alice", 1), world.join("alice", 1), world.join("bob", 2));
        world.nickname(&phone, "\"x\"");
        let _tablet = world.join("alice", 1);
        world.nickname(&phone, "\"\"");
        world.nickname(&bob, "\"x\"") == [425]
    });
    proves(Fault::OldNicknameReleasedOnFailure, &room, |world| {
        let (alice, bob, _) = three(world);
        world.nickname(&alice, "\"x\"");
        assert_eq!(world.nickname(&alice, "\"admin\""), [425]);
        world.nickname(&bob, "\"x\"") == [200]
    });
    proves(Fault::NicknameLengthUnchecked, &room, |world| asked(world, &format!("\"{}\"", "n".repeat(1024))) == [200]);
    proves(Fault::NicknameUnquotedAccepted, &room, |world| asked(world, "Bob") == [200]);
    proves(Fault::ReservedNicknameGranted, &room, |world| asked(world, "\"admin\"") == [200]);
    proves(Fault::NicknameRemovalRefused, &room, |world| asked(world, "\"\"") == [424]);
    proves(Fault::NicknameResponseLeftmost, &room, |world| {
        let alice = world.join("alice", 1);
        let relayed = Party { path: format!("msrp://relay.example.com:1/r;tcp {}", alice.path), ..alice.clone() };
        world.request(&relayed, "NICKNAME", "Use-Nickname: \"x\"\r\n", None, '$');
        world.take(alice.connection)[0].to_path().len() == 1
    });
    proves(Fault::RemovedNicknameKept, &room, |world| {
        let (alice, bob, _) = three(world);
        world.nickname(&alice, "\"x\"");
        assert_eq!(world.nickname(&alice, "\"\""), [200]);
        world.nickname(&bob, "\"x\"") == [425]
    });
    proves(Fault::NicknameConflict403, &room, |world| {
        let (alice, bob, _) = three(world);
        world.nickname(&alice, "\"x\"");
        world.nickname(&bob, "\"x\"") == [403]
    });
    proves(Fault::NicknameNotTold, &room, |world| {
        asked(world, "\"x\"");
        !world.events.iter().any(|event| matches!(event, MediaEvent::Nickname { .. }))
    });
    let none = RoomPolicy { nicknames: false, ..open_room() };
    proves(Fault::NicknamePolicyIgnored, &none, |world| asked(world, "\"x\"") == [200]);
    let quarantine = RoomPolicy { nickname_quarantine: 60.0, ..open_room() };
    proves(Fault::QuarantineIgnored, &quarantine, |world| {
        let (alice, bob, _) = three(world);
        world.nickname(&alice, "\"x\"");
        world.media.release(world.now, alice.session);
        world.nickname(&bob, "\"x\"") == [200]
    });
}

#[test]
fn faults_of_regular_messages() {
    let room = open_room();
    // What Bob hears of a text that Alice sends.
    let heard = |world: &mut World, text: &dyn Fn(&Party, &Party) -> String| {
        let (alice, bob, _) = three(world);
        let text = text(&alice, &bob);
        world.say(&alice, "m1", &text);
        (text, world.heard(&bob))
    };
    proves(Fault::CpimModified, &room, |world| {
        let (text, heard) = heard(world, &|alice, _| cpim(&alice.aor, ROOM, "hi"));
        heard != [text]
    });
    proves(Fault::ForeignFromAccepted, &room, |world| !heard(world, &|_, bob| cpim(&bob.aor, ROOM, "hi")).1.is_empty());
    proves(Fault::SeveralToAccepted, &room, |world| {
        let twice = |alice: &Party, _: &Party| {
            format!("From: <{}>\r\nTo: <{ROOM}>\r\nTo: <{ROOM}>\r\n\r\nContent-Type: text/plain\r\n\r\nx", alice.aor)
        };
        !heard(world, &twice).1.is_empty()
    });
    proves(Fault::RoomUriByLetter, &room, |world| {
        heard(world, &|alice, _| cpim(&alice.aor, &format!("{ROOM};transport=tcp"), "hi")).1.is_empty()
    });
    proves(Fault::UnwrappedDistributed, &room, |world| {
        let (alice, bob, _) = three(world);
        world.request(&alice, "SEND", "Message-ID: plain1\r\nContent-Type: text/plain\r\n", Some("hi"), '$');
        world.heard(&bob) == ["hi"]
    });
    proves(Fault::SecondEndpointForgotten, &room, |world| {
        let (alice, phone, desk) = (world.join("alice", 1), world.join("bob", 2), world.join("bob", 2));
        world.say(&alice, "m1", &cpim(&alice.aor, ROOM, "hi"));
        world.heard(&phone).len() + world.heard(&desk).len() == 1
    });
    proves(Fault::RecipientTypesIgnored, &room, |world| {
        let alice = world.join("alice", 1);
        let bob = world.join_as("bob", membership("bob", 2), |peer| {
            peer.accept_wrapped_types = Some(vec!["image/png".to_owned()]);
        });
        world.say(&alice, "m1", &cpim(&alice.aor, ROOM, "hi"));
        !world.heard(&bob).is_empty()
    });
    proves(Fault::UnawareNotTold, &room, |world| {
        let connection = world.accept(false);
        let old = world.enter("old", membership("old", 3), connection, |peer| peer.chatroom = None);
        world.request(&old, "SEND", "Message-ID: hello\r\n", None, '$');
        world.heard(&old).is_empty()
    });
    proves(Fault::LeaverStillServed, &room, |world| {
        let (alice, bob, _) = three(world);
        world.media.release(world.now, bob.session);
        world.say(&alice, "m1", &cpim(&alice.aor, ROOM, "hi"));
        !world.heard(&bob).is_empty()
    });
    proves(Fault::RoomsMixed, &room, |world| {
        let alice = world.join("alice", 1);
        let connection = world.accept(false);
        let (session, uri) = world.media.allocate(RoomId(1), false);
        let path = "msrp://192.0.2.9:4000/other;tcp".to_owned();
        let who = Membership { room: RoomId(1), ..membership("bob", 2) };
        world.media.establish(world.now, session, who, peer(&path));
        let bob = Party { session, connection, switch: uri.to_string(), path, aor: String::new() };
        world.hello(&bob);
        world.say(&alice, "m1", &cpim(&alice.aor, ROOM, "hi"));
        !world.heard(&bob).is_empty()
    });
    let narrow = RoomPolicy { accept_wrapped_types: vec!["image/png".to_owned()], ..open_room() };
    proves(Fault::RoomTypesIgnored, &narrow, |world| {
        !heard(world, &|alice, _| cpim(&alice.aor, ROOM, "hi")).1.is_empty()
    });
}

#[test]
fn faults_of_private_messages() {
    let room = open_room();
    proves(Fault::PrivateToOneEndpoint, &room, |world| {
        let (alice, phone, desk) = (world.join("alice", 1), world.join("bob", 2), world.join("bob", 2));
        world.say(&alice, "m1", &cpim(&alice.aor, &phone.aor, "hi"));
        world.heard(&phone).len() + world.heard(&desk).len() == 1
    });
    proves(Fault::UnknownRecipientBroadcast, &room, |world| {
        let (alice, bob, _) = three(world);
        world.say(&alice, "m1", &cpim(&alice.aor, "sip:nobody@example.com", "hi"));
        !world.heard(&bob).is_empty()
    });
    proves(Fault::IncapableRecipient404, &room, |world| {
        let alice = world.join("alice", 1);
        let bob = world.join_as("bob", membership("bob", 2), |peer| peer.chatroom = Some(Vec::new()));
        world.say(&alice, "m1", &cpim(&alice.aor, &bob.aor, "hi"));
        world.statuses(&alice) == [404]
    });
    proves(Fault::CapabilitiesNeverUpdated, &room, |world| {
        let (alice, bob, _) = three(world);
        let mut media = peer(&bob.path);
        media.chatroom = None;
        world.media.update(world.now, bob.session, media);
        world.say(&alice, "m1", &cpim(&alice.aor, &bob.aor, "hi"));
        !world.heard(&bob).is_empty()
    });
    let none = RoomPolicy { private_messages: false, ..open_room() };
    proves(Fault::PrivatePolicyIgnored, &none, |world| {
        let (alice, bob, _) = three(world);
        world.say(&alice, "m1", &cpim(&alice.aor, &bob.aor, "hi"));
        !world.heard(&bob).is_empty()
    });
}

#[test]
fn faults_of_chunks() {
    let room = RoomPolicy { chunk_reception_timer: 5.0, ..open_room() };
    let message = |alice: &Party| {
        let text = cpim(&alice.aor, ROOM, "hello there");
        let cut = text.len() - 5;
        (text, cut)
    };
    proves(Fault::ContinuationToNewcomer, &room, |world| {
        let (alice, bob, _) = three(world);
        let (text, cut) = message(&alice);
        in_chunks(world, &alice, &text[..cut], &[], '+');
        let dave = world.join("dave", 4);
        let lines = format!("Message-ID: chunked1\r\nByte-Range: {}-*/*\r\nContent-Type: message/cpim\r\n", cut + 1);
        world.request(&alice, "SEND", &lines, Some(&text[cut..]), '$');
        assert_eq!(world.heard(&bob).concat(), text);
        !world.heard(&dave).is_empty()
    });
    proves(Fault::ContinuationRefused, &room, |world| {
        let (alice, ..) = three(world);
        let (text, cut) = message(&alice);
        in_chunks(world, &alice, &text, &[cut], '$') == [200, 415]
    });
    proves(Fault::CutHeadersRefused, &room, |world| {
        let (alice, ..) = three(world);
        let (text, _) = message(&alice);
        in_chunks(world, &alice, &text, &[12], '$')[0] == 403
    });
    proves(Fault::ChunkTimerIgnored, &room, |world| {
        let (alice, bob, _) = three(world);
        let (text, cut) = message(&alice);
        in_chunks(world, &alice, &text[..cut], &[], '+');
        world.wait(6.0);
        !world.take(bob.connection).iter().any(|send| send.flag.octet() == b'#')
    });
    proves(Fault::DistributionAfterCompletion, &room, |world| {
        let (alice, bob, _) = three(world);
        let (text, cut) = message(&alice);
        in_chunks(world, &alice, &text[..cut], &[], '+');
        let late = world.heard(&bob).is_empty();
        let lines = format!("Message-ID: chunked1\r\nByte-Range: {}-*/*\r\nContent-Type: message/cpim\r\n", cut + 1);
        world.request(&alice, "SEND", &lines, Some(&text[cut..]), '$');
        assert!(!world.heard(&bob).is_empty());
        late
    });
    proves(Fault::MessageIdPerChunk, &room, |world| {
        let (alice, bob, _) = three(world);
        let (text, cut) = message(&alice);
        in_chunks(world, &alice, &text, &[cut], '$');
        let sends = world.take(bob.connection);
        sends[0].message_id() != sends[1].message_id()
    });
}

#[test]
fn faults_of_reports() {
    let room = open_room();
    let told = |world: &mut World, header: &str, private: bool| {
        let (alice, bob, _) = three(world);
        let text = cpim(&alice.aor, if private { &bob.aor } else { ROOM }, "hi");
        let lines = format!("Message-ID: told1\r\n{header}Content-Type: message/cpim\r\n");
        world.request(&alice, "SEND", &lines, Some(&text), '$');
        world.take(alice.connection)
    };
    proves(Fault::ResponseDespiteNo, &room, |world| !told(world, "Failure-Report: no\r\n", false).is_empty());
    proves(Fault::NoSuccessReport, &room, |world| told(world, "Success-Report: yes\r\n", false).len() == 1);
    proves(Fault::SuccessReportTwice, &room, |world| told(world, "Success-Report: yes\r\n", false).len() == 3);
    proves(Fault::PrivateReportUnwrapped, &room, |world| {
        told(world, "Success-Report: yes\r\n", true)[1].body.is_none()
    });
    proves(Fault::ResponseTransactionAltered, &room, |world| {
        let alice = world.join("alice", 1);
        let text = format!(
            "MSRP tABC0001 SEND\r\nTo-Path: {}\r\nFrom-Path: {}\r\nMessage-ID: told1\r\n-------tABC0001$\r\n",
            alice.switch, alice.path
        );
        world.feed(&alice, &text);
        world.take(alice.connection)[0].transaction != "tABC0001"
    });
}

#[test]
fn further_faults_of_nicknames() {
    let room = open_room();
    let asked = |world: &mut World, lines: &str| {
        let alice = world.join("alice", 1);
        world.request(&alice, "NICKNAME", lines, None, '$');
        (world.statuses(&alice), world.media.nickname_of(RoomId(0), UserId(1)).map(str::to_owned))
    };
    proves(Fault::NicknameAsciiOnly, &room, |world| asked(world, "Use-Nickname: \"\u{e9}\"\r\n").0 == [424]);
    proves(Fault::NicknameHeaderThird, &room, |world| asked(world, "X: 1\r\nUse-Nickname: \"x\"\r\n").0 == [424]);
    proves(Fault::NicknameHeaderCase, &room, |world| asked(world, "use-nickname: \"x\"\r\n").0 == [424]);
    proves(Fault::NicknameHeaderOptional, &room, |world| asked(world, "").0 == [200]);
    proves(Fault::NicknameEscapesKept, &room, |world| {
        asked(world, "Use-Nickname: \"a \\\"b\\\" c\"\r\n").1.as_deref() == Some("a \\\"b\\\" c")
    });
    proves(Fault::BlanksGranted, &room, |world| asked(world, "Use-Nickname: \"  \"\r\n").0 == [200]);
    proves(Fault::MethodCaseIgnored, &room, |world| {
        let alice = world.join("alice", 1);
        world.request(&alice, "nickname", "Use-Nickname: \"x\"\r\n", None, '$');
        world.media.nickname_of(RoomId(0), UserId(1)).is_some()
    });
    proves(Fault::RefusalIsFinal, &room, |world| {
        let alice = world.join("alice", 1);
        assert_eq!(world.nickname(&alice, "\"admin\""), [425]);
        world.nickname(&alice, "\"x\"") == [425]
    });
    proves(Fault::NicknameLapses, &room, |world| {
        let (alice, bob, _) = three(world);
        world.nickname(&alice, "\"x\"");
        world.say(&alice, "m1", &cpim(&alice.aor, ROOM, "hi"));
        world.take(bob.connection);
        world.nickname(&bob, "\"x\"") == [200]
    });
    proves(Fault::NicknameOutlivesSession, &room, |world| {
        let (alice, bob, _) = three(world);
        world.nickname(&alice, "\"x\"");
        world.media.release(world.now, alice.session);
        world.nickname(&bob, "\"x\"") == [425]
    });
    proves(Fault::OwnNicknameRefused, &room, |world| {
        let alice = world.join("alice", 1);
        world.nickname(&alice, "\"x\"");
        world.nickname(&alice, "\"x\"") == [425]
    });
    proves(Fault::SecondDeviceNickname403, &room, |world| {
        let (phone, desk) = (world.join("alice", 1), world.join("alice", 1));
        world.nickname(&phone, "\"x\"");
        world.nickname(&desk, "\"x\"") == [403]
    });
    proves(Fault::NicknameByDefault, &room, |world| {
        world.join("alice", 1);
        world.media.nickname_of(RoomId(0), UserId(1)) == Some("alice")
    });
    proves(Fault::OldNicknameNeverReleased, &room, |world| {
        let (alice, bob, _) = three(world);
        world.nickname(&alice, "\"x\"");
        world.nickname(&alice, "\"y\"");
        world.nickname(&bob, "\"x\"") == [425]
    });
    let quarantine = RoomPolicy { nickname_quarantine: 60.0, ..open_room() };
    proves(Fault::FormerHolderShutOut, &quarantine, |world| {
        let alice = world.join("alice", 1);
        world.nickname(&alice, "\"x\"");
        world.media.release(world.now, alice.session);
        let again = world.join("alice", 1);
        world.nickname(&again, "\"x\"") == [425]
    });
}

#[test]
fn further_faults_of_messages() {
    let room = RoomPolicy { notices: false, ..open_room() };
    let heard = |world: &mut World, text: &dyn Fn(&Party, &Party) -> String| {
        let (alice, bob, carol) = three(world);
        let text = text(&alice, &bob);
        world.say(&alice, "m1", &text);
        (world.take(alice.connection)[0].status(), world.heard(&bob), world.heard(&carol))
    };
    proves(Fault::FromReplaced, &room, |world| {
        heard(world, &|alice, _| cpim(&alice.aor, ROOM, "hi")).1[0].starts_with(&format!("From: <{ROOM}>"))
    });
    proves(Fault::MissingToMeansRoom, &room, |world| {
        !heard(world, &|alice, _| format!("From: <{}>\r\n\r\nContent-Type: text/plain\r\n\r\nx", alice.aor))
            .1
            .is_empty()
    });
    proves(Fault::CcDeliveredPrivately, &room, |world| {
        let with_cc = |alice: &Party, bob: &Party| {
            let inner = "\r\nContent-Type: text/plain\r\n\r\nx";
            format!("From: <{}>\r\nTo: <{ROOM}>\r\ncc: <{}>\r\n{inner}", alice.aor, bob.aor)
        };
        heard(world, &with_cc).2.is_empty()
    });
    proves(Fault::RelayPathCut, &room, |world| {
        let alice = world.join("alice", 1);
        let relay = MsrpUri::parse("msrp://relay.example.com:1/r;tcp").unwrap();
        let bob = world.join_as("bob", membership("bob", 2), |peer| peer.path.insert(0, relay));
        world.say(&alice, "m1", &cpim(&alice.aor, ROOM, "hi"));
        world.take(bob.connection)[0].to_path().len() == 1
    });
    proves(Fault::BodilessRefused, &room, |world| {
        let connection = world.accept(false);
        let alice = world.enter("alice", membership("alice", 1), connection, |_| {});
        world.request(&alice, "SEND", "Message-ID: hello\r\n", None, '$');
        world.statuses(&alice) == [415]
    });
    proves(Fault::StarMeansText, &room, |world| {
        let picture = |alice: &Party, _: &Party| {
            format!("From: <{}>\r\nTo: <{ROOM}>\r\n\r\nContent-Type: image/png\r\n\r\nx", alice.aor)
        };
        heard(world, &picture).0 == Some(415)
    });
    proves(Fault::UnawareWhisperBroadcast, &room, |world| {
        let old = world.join_as("old", membership("old", 4), |peer| peer.chatroom = None);
        let (_, bob, carol) = three(world);
        world.say(&old, "m1", &cpim(&old.aor, &bob.aor, "hi"));
        !world.heard(&carol).is_empty()
    });
    proves(Fault::OwnUriMeansRoom, &room, |world| {
        !heard(world, &|alice, _| cpim(&alice.aor, &alice.aor, "hi")).1.is_empty()
    });
    proves(Fault::PrivateSwallowed, &room, |world| {
        let (status, bob, _) = heard(world, &|alice, bob| cpim(&alice.aor, &bob.aor, "hi"));
        status == Some(200) && bob.is_empty()
    });
    proves(Fault::PrivateAlwaysRefused, &room, |world| {
        heard(world, &|alice, bob| cpim(&alice.aor, &bob.aor, "hi")).0 == Some(428)
    });
    proves(Fault::SlowRecipientStopsAll, &room, |world| {
        let (alice, bob, _) = three(world);
        world.stuck.push(bob.connection);
        for number in 0..10 {
            world.say(&alice, &format!("m{number}"), &cpim(&alice.aor, ROOM, "hi"));
        }
        world.statuses(&alice).contains(&413)
    });
    proves(Fault::BrokenConnectionEndsRoom, &room, |world| {
        let (alice, bob, _) = three(world);
        world.input(Input::Closed { connection: alice.connection });
        !world.media.is_bound(bob.session)
    });
}

#[test]
fn further_faults_of_chunks() {
    let room = open_room();
    let begun = |world: &mut World| {
        let (alice, bob, carol) = three(world);
        let text = cpim(&alice.aor, ROOM, "hello there");
        let cut = text.len() - 5;
        in_chunks(world, &alice, &text[..cut], &[], '+');
        let lines = format!("Message-ID: chunked1\r\nByte-Range: {}-*/*\r\nContent-Type: message/cpim\r\n", cut + 1);
        (alice, bob, carol, lines, text[cut..].to_owned())
    };
    proves(Fault::AbortAsComplete, &room, |world| {
        let (alice, bob, ..) = begun(world);
        world.input(Input::Closed { connection: alice.connection });
        world.take(bob.connection).last().unwrap().flag.octet() == b'$'
    });
    proves(Fault::LeaverEndsMessage, &room, |world| {
        let (alice, _, carol, lines, rest) = begun(world);
        world.media.release(world.now, carol.session);
        world.request(&alice, "SEND", &lines, Some(&rest), '$');
        world.statuses(&alice) == [413]
    });
    proves(Fault::ChunkTimerTooShort, &room, |world| {
        let (alice, _, _, lines, rest) = begun(world);
        world.wait(2.0);
        world.take(alice.connection);
        world.request(&alice, "SEND", &lines, Some(&rest), '$');
        world.statuses(&alice) == [413]
    });
}
