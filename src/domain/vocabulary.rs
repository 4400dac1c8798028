//! The closed lists: every label a record may carry, with its spelling and its meaning.

use super::metric::{METRICS, Metric};

/// Declares an enum whose variants have one spelling and one meaning each.
macro_rules! labels {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $text:literal, $meaning:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $(#[doc = $meaning] $variant,)+ }

        impl $name {
            /// Every label, in the order of the manual.
            pub const ALL: &'static [$name] = &[$($name::$variant,)+];

            /// The spelling used in records, filters and tables.
            pub fn name(self) -> &'static str {
                match self { $($name::$variant => $text,)+ }
            }

            /// What the label means, in one line.
            pub fn meaning(self) -> &'static str {
                match self { $($name::$variant => $meaning,)+ }
            }

            /// The label with this spelling.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|l| l.name() == text)
            }
        }
    };
}

labels! {
    /// What a document turned out to be.
    Kind {
        Incident = "incident", "a report of one incident";
        None = "none", "no incident report: a template, an index, a process document, a maintenance notice, a drill";
    }
}

labels! {
    /// What a document is that reports no incident.
    Genre {
        Drill = "drill", "an exercise, however real its report reads";
        Maintenance = "maintenance", "announced or planned work";
        Template = "template", "a form to fill in";
        Index = "index", "a list of reports";
        Process = "process", "a guide, a runbook, a policy";
        Data = "data", "settings or a manifest, data of something else";
    }
}

labels! {
    /// A moment with a defined meaning.
    MilestoneKind {
        Started = "started", "the failure or its impact began";
        Detected = "detected", "anyone or anything of the organisation first noticed it";
        Acknowledged = "acknowledged", "a responder took it";
        Identified = "identified", "the cause or the faulty part was known";
        Mitigated = "mitigated", "users' impact ended";
        Resolved = "resolved", "it was declared over";
    }
}

labels! {
    /// What set the incident off.
    Trigger {
        Deploy = "deploy", "a code or binary release";
        Config = "config", "a configuration, flag, schema, DNS-record, rule or infrastructure-as-code change";
        Maintenance = "maintenance", "planned work: migration, upgrade, failover exercise, hardware work, rotation";
        Manual = "manual", "an operator's mistaken ad-hoc action";
        Load = "load", "a surge of traffic or usage, a retry storm";
        Exhaustion = "exhaustion", "a limit reached without a surge: disk, memory leak, quota, connections, ids";
        Expiry = "expiry", "a certificate, domain, credential or licence ran out";
        Hardware = "hardware", "a hardware or link failure";
        Power = "power", "power, cooling, fire, weather";
        ThirdParty = "third-party", "a failure or action of a provider or upstream, whatever its own cause";
        Security = "security", "an attack, abuse, leak or vulnerability";
        Time = "time", "a clock, leap second, or calendar handling";
        Bug = "bug", "a latent defect surfaced with no known change";
        Unknown = "unknown", "the text does not tell";
    }
}

labels! {
    /// Where the failure sat.
    Component {
        Network = "network", "routing, links, switches, firewalls, packet loss";
        Dns = "dns", "name resolution";
        Tls = "tls", "certificates and encryption in transit";
        LoadBalancer = "load-balancer", "proxy, ingress, CDN edge, gateway";
        Compute = "compute", "virtual machine, host, kernel, hypervisor";
        Orchestration = "orchestration", "Kubernetes, scheduler, autoscaler, service discovery";
        Database = "database", "a database";
        Storage = "storage", "disk, volume, object store, file system";
        Cache = "cache", "a cache";
        Queue = "queue", "messaging, streaming, jobs";
        Auth = "auth", "authentication, authorisation, secrets";
        Application = "application", "the organisation's own service or API code";
        Build = "build", "CI/CD, registry, packaging, deploy pipeline";
        Observability = "observability", "monitoring, logging, alerting";
        Client = "client", "SDK, mobile app, browser, agent on a user's machine";
        Facility = "facility", "data-centre power and cooling";
        Blockchain = "blockchain", "consensus and validators";
        Unknown = "unknown", "the text does not tell";
    }
}

labels! {
    /// Who or what noticed first.
    Detection {
        Monitoring = "monitoring", "an alert, a probe, a dashboard";
        Customer = "customer", "a customer or user reported it";
        Staff = "staff", "someone of the organisation saw it";
        ThirdParty = "third-party", "a provider, partner or researcher told them";
        Unknown = "unknown", "the text does not tell";
    }
}

labels! {
    /// What part a provider played.
    Role {
        AtFault = "at-fault", "the text blames it";
        Involved = "involved", "the failing system runs on it or depends on it";
    }
}

labels! {
    /// How far a follow-up action has come.
    ActionStatus {
        Done = "done", "marked done";
        Open = "open", "marked open or planned";
        Unknown = "unknown", "the text does not tell";
    }
}

labels! {
    /// What a rule, an explanation or a correction is about: a part of the record.
    Subject {
        Kind = "kind", "incident report or not";
        Id = "id", "the document's own id for it";
        Title = "title", "title of the report";
        Org = "org", "organisation whose service failed";
        Published = "published", "date of publication";
        Date = "date", "local date on which the impact began";
        Severity = "severity", "the author's own grade";
        Started = "started", "the failure or its impact began";
        Detected = "detected", "anyone or anything of the organisation first noticed it";
        Acknowledged = "acknowledged", "a responder took it";
        Identified = "identified", "the cause or the faulty part was known";
        Mitigated = "mitigated", "users' impact ended";
        Resolved = "resolved", "it was declared over";
        Ttd = "ttd", "time to detect";
        Tta = "tta", "time to acknowledge";
        Tti = "tti", "time to identify";
        Ttm = "ttm", "time to mitigate";
        Ttr = "ttr", "time to resolve";
        Impact = "impact", "length of user-visible impact";
        Trigger = "trigger", "what set it off";
        Component = "component", "where the failure sat";
        RootCause = "root-cause", "the sentence that states the root cause";
        Provider = "provider", "third parties, at fault or involved";
        Service = "service", "affected products and services";
        Region = "region", "affected regions";
        Detection = "detection", "who or what noticed first";
        ImpactSentence = "impact-sentence", "the sentence that states the impact";
        Action = "action", "follow-up actions";
    }
}

impl Subject {
    pub fn of_milestone(kind: MilestoneKind) -> Self {
        match kind {
            MilestoneKind::Started => Subject::Started,
            MilestoneKind::Detected => Subject::Detected,
            MilestoneKind::Acknowledged => Subject::Acknowledged,
            MilestoneKind::Identified => Subject::Identified,
            MilestoneKind::Mitigated => Subject::Mitigated,
            MilestoneKind::Resolved => Subject::Resolved,
        }
    }

    pub fn of_metric(metric: Metric) -> Self {
        match metric {
            Metric::Ttd => Subject::Ttd,
            Metric::Tta => Subject::Tta,
            Metric::Tti => Subject::Tti,
            Metric::Ttm => Subject::Ttm,
            Metric::Ttr => Subject::Ttr,
            Metric::Impact => Subject::Impact,
        }
    }

    /// The milestone it is, if it is one.
    pub fn milestone(self) -> Option<MilestoneKind> {
        MilestoneKind::ALL.iter().copied().find(|kind| Subject::of_milestone(*kind) == self)
    }

    /// The metric it is, if it is one.
    pub fn metric(self) -> Option<Metric> {
        METRICS.iter().map(|d| d.metric).find(|metric| Subject::of_metric(*metric) == self)
    }
}
