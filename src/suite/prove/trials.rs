//! The runs that a proof is made of: the suite against a switch without a fault, and against each flaw of it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Arc;

use super::Outcome;
use crate::judge::brief::Brief;
use crate::judge::record::{CaseRecord, RunRecord};
use crate::runtime::{Clock, Link, Memory};
use crate::suite::bundled::{BundledOptions, start_on};
use crate::suite::engine::{Registry, Watch};
use crate::suite::observe::{NoRules, Progress, Silent, Stop};
use crate::suite::plan::{Case, Plan};
use crate::suite::profile::SipTransport;
use crate::suite::settings::{RunSettings, TIMEOUT_IN_MEMORY, TIMEOUT_OVER_SOCKETS};
use crate::suite::{rule_bench, run};
use crate::switch::fault::{FaultSet, Scout};
use crate::switch::flaw::Flaw;

/// What is tried, and on what.
#[derive(Clone, Debug)]
pub struct Trials {
    /// The cases, in the order of the suite.
    pub cases: Vec<Arc<Case>>,
    /// Whether the switch is met in memory: each case a switch of its own.
    pub in_memory: bool,
    /// Seed of all randomness.
    pub seed: u64,
}

/// Which faults the switch was asked about in each case, by the case's id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach(BTreeMap<String, FaultSet>);

impl Reach {
    /// Whether the run of a case may differ under a flaw. It does not under a fault that the switch was never asked about:
    /// the run would be the same, octet for octet.
    pub fn touches(&self, case_id: &str, flaw: Flaw) -> bool {
        match (flaw, self.0.get(case_id)) {
            (Flaw::Fault(fault), Some(asked)) => asked.iter().any(|one| one == fault),
            _ => true,
        }
    }
}

impl Trials {
    /// Every case against a switch without a fault; and, in memory, which faults it was asked about.
    pub fn faultless(&self, registry: &Rc<Registry>) -> (Outcome, Reach) {
        if !self.in_memory {
            return (self.run(self.cases.clone(), None, registry, Rc::new(RefCell::new(Silent))), Reach::default());
        }
        let scouting = Rc::new(RefCell::new(Scouting { scout: Scout::begin(), reach: Reach::default() }));
        let outcome = self.run(self.cases.clone(), None, registry, scouting.clone());
        let reach = std::mem::take(&mut scouting.borrow_mut().reach);
        (outcome, reach)
    }

    /// The cases that a flaw may touch against a switch that has it.
    pub fn flawed(&self, flaw: Flaw, reach: &Reach, registry: &Rc<Registry>) -> Outcome {
        let touched = self.cases.iter().filter(|case| reach.touches(&case.id, flaw)).cloned().collect();
        self.run(touched, Some(flaw), registry, Rc::new(RefCell::new(Silent)))
    }

    fn run(
        &self,
        cases: Vec<Arc<Case>>,
        flaw: Option<Flaw>,
        registry: &Rc<Registry>,
        progress: Rc<RefCell<dyn Progress>>,
    ) -> Outcome {
        let ended = catch_unwind(AssertUnwindSafe(|| {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().start_paused(self.in_memory).build();
            let runtime = runtime.map_err(|cause| format!("no runtime: {cause}"))?;
            runtime.block_on(self.against(cases, flaw, registry, progress))
        }));
        let record = ended.unwrap_or_else(|_| Err("the run panicked".to_owned()))?;
        Ok(Brief::of(&record))
    }

    async fn against(
        &self,
        cases: Vec<Arc<Case>>,
        flaw: Option<Flaw>,
        registry: &Rc<Registry>,
        progress: Rc<RefCell<dyn Progress>>,
    ) -> Result<RunRecord, String> {
        let link = if self.in_memory { Link::Memory(Memory::new(self.seed)) } else { Link::Sockets };
        let options =
            BundledOptions { transport: SipTransport::Udp, faults: flaw.into_iter().collect(), seed: self.seed };
        let target = start_on(&link, &options).await.map_err(|error| error.to_string())?;
        let settings = RunSettings {
            hops: target.profile.resolve().map_err(|error| error.to_string())?,
            profile: Arc::new(target.profile.clone()),
            seed: self.seed,
            timeout: if self.in_memory { TIMEOUT_IN_MEMORY } else { TIMEOUT_OVER_SOCKETS },
            jobs: if self.in_memory { 1 } else { 8 },
            repeat: 1,
            fail_fast: false,
            strict: false,
            transcripts: false,
            bundled: !matches!(flaw, Some(Flaw::Wreckage(_))),
            apart: self.in_memory.then_some(options),
            link,
            clock: Clock::start(),
        };
        // Wreckage is condemned by the cases; to judge what little it says, or how much, would prove nothing more.
        let rules = match flaw {
            Some(Flaw::Wreckage(_)) => Rc::new(RefCell::new(NoRules)),
            _ => rule_bench::fresh(),
        };
        let watch = Watch { progress, rules, stop: Stop::default() };
        Ok(match self.in_memory {
            true => run::execute(&Plan::new(cases, &target.profile), settings, registry, &watch).await,
            false => run::knock_and_execute(cases, settings, registry, &watch).await,
        })
    }
}

/// Takes down, at the end of each case, what the switch was asked about.
struct Scouting {
    scout: Scout,
    reach: Reach,
}

impl Progress for Scouting {
    fn case_finished(&mut self, record: &CaseRecord) {
        self.reach.0.insert(record.id.clone(), self.scout.take());
    }
}
