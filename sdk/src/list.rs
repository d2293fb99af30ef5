//! Lists, which come in pages.

use crate::{Error, Request, Result};
use futures_util::{Stream, TryStreamExt, stream};
use rapport_contract::page::Page;
use serde::{Serialize, de::DeserializeOwned};
use std::{fmt, marker::PhantomData};

/// A list that is about to be read: narrow it, then [`send`](Self::send) for one page or [`stream`](Self::stream) for
/// all of it.
///
/// `P` is the page, `F` tells apart lists of the same pages by what they can be narrowed by.
#[must_use = "a list does nothing until it is sent or streamed"]
pub struct List<P, F = ()> {
    request: Request,
    limit: Option<u32>,
    cursor: Option<String>,
    page: PhantomData<fn() -> (P, F)>,
}

impl<P, F> Clone for List<P, F> {
    fn clone(&self) -> Self {
        Self { request: self.request.clone(), limit: self.limit, cursor: self.cursor.clone(), page: PhantomData }
    }
}

impl<P, F> fmt::Debug for List<P, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("List").field("request", &self.request).field("limit", &self.limit).finish_non_exhaustive()
    }
}

impl<P, F> List<P, F> {
    pub(crate) fn new(request: Request) -> Self {
        Self { request, limit: None, cursor: None, page: PhantomData }
    }

    /// Narrows it.
    pub(crate) fn filter(mut self, name: &'static str, value: impl ToString) -> Self {
        self.request = self.request.query(name, value);
        self
    }

    /// Sets how many items a page holds, 1 to 100; 25 if left out.
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Starts where an earlier page said that the next one starts.
    pub fn cursor(mut self, cursor: impl Into<String>) -> Self {
        self.cursor = Some(cursor.into());
        self
    }
}

impl<P: Page + DeserializeOwned, F> List<P, F> {
    /// Reads one page.
    ///
    /// # Errors
    /// What the method tells that made the list. [`Kind::Validation`](crate::Kind::Validation) if the limit is not 1 to
    /// 100, the cursor is not one of this list, or a filter is no value that the service knows, such as an `Unknown`.
    pub async fn send(self) -> Result<P> {
        let mut request = self.request;
        if let Some(limit) = self.limit {
            request = request.query("limit", limit);
        }
        if let Some(cursor) = self.cursor {
            request = request.query("cursor", cursor);
        }
        request.send().await
    }

    /// Every item, from the first page to the last; a page is fetched when it is needed. It ends at the first error.
    ///
    /// # Errors
    /// As [`send`](Self::send), in the place of the next item; none follows. The items before it are good.
    pub fn stream(self) -> impl Stream<Item = Result<P::Item>> + Send + 'static
    where
        P: 'static,
        P::Item: Send + 'static,
        F: 'static,
    {
        stream::try_unfold(Some(self), async |next: Option<Self>| {
            let Some(list) = next else { return Ok(None) };
            let (items, cursor) = list.clone().send().await?.into_parts();
            let items = stream::iter(items.into_iter().map(Ok::<_, Error>));
            Ok(Some((items, cursor.map(|cursor| list.cursor(cursor)))))
        })
        .try_flatten()
    }
}

/// The name of an enum's value on the wire, for a query.
pub(crate) fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use crate::fake::{Fake, json, problem};
    use futures_util::{StreamExt, TryStreamExt};
    use rapport_contract::{patients::PatientSearch, reports::ReportState, shares::ShareState};
    use serde_json::json as value;

    fn session(id: u8) -> serde_json::Value {
        let at = "2026-11-23T09:00:00Z";
        let id = format!("01990b5e-6c1f-7d39-8f38-0f3c2f5f7a{id:02}");
        value!({"id": id, "created_at": at, "refreshed_at": at, "expires_at": at, "is_current": false, "new_field": 1})
    }

    #[tokio::test]
    async fn a_stream_reads_page_after_page_and_only_as_far_as_it_is_read() {
        let fake = Fake::start(|_, asked| match asked.path.as_str() {
            "/v1/auth/sessions?limit=2" => {
                json(200, value!({"items": [session(1), session(2)], "next_cursor": "a b&c"}))
            }
            "/v1/auth/sessions?limit=2&cursor=a+b%26c" => json(200, value!({"items": [], "next_cursor": "d"})),
            "/v1/auth/sessions?limit=2&cursor=d" => json(200, value!({"items": [session(3)], "next_cursor": null})),
            _ => problem(404, "not-found"),
        })
        .await;
        let list = fake.client().auth().sessions().limit(2);
        let all: Vec<_> = list.clone().stream().try_collect().await.unwrap();
        assert_eq!(all.len(), 3);
        assert_eq!(fake.asked().len(), 3);
        let first: Vec<_> = list.stream().take(2).try_collect().await.unwrap();
        assert_eq!(first.len(), 2);
        assert_eq!(fake.asked().len(), 4);
    }

    /// What a newer service says is read by an older program.
    #[test]
    fn an_unknown_value_reads_as_unknown() {
        fn read<T: serde::de::DeserializeOwned + std::fmt::Debug>() {
            let read: T = serde_json::from_str("\"of_tomorrow\"").unwrap();
            assert_eq!(format!("{read:?}"), "Unknown");
        }
        use rapport_contract::{
            consents, emergency_access, events, incidents, members, referrals, reports, shares, webhooks,
        };
        read::<consents::Category>();
        read::<consents::ConsentState>();
        read::<consents::RecipientKind>();
        read::<emergency_access::Finding>();
        read::<events::EventType>();
        read::<events::EventObjectType>();
        read::<incidents::IncidentState>();
        read::<members::Role>();
        read::<referrals::ReferralState>();
        read::<referrals::ReferralVerb>();
        read::<referrals::Urgency>();
        read::<reports::ReportKind>();
        read::<reports::ReportState>();
        read::<shares::ShareState>();
        read::<webhooks::DeliveryState>();
        read::<webhooks::WebhookState>();
    }

    #[tokio::test]
    async fn a_stream_ends_at_the_first_error() {
        let fake = Fake::start(|number, _| match number {
            1 => json(200, value!({"items": [session(1)], "next_cursor": "next"})),
            _ => problem(403, "forbidden"),
        })
        .await;
        let read: Vec<_> = fake.client().auth().sessions().stream().collect().await;
        assert_eq!(read.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false]);
    }

    #[tokio::test]
    async fn filters_travel_as_the_service_names_them() {
        let fake = Fake::start(|_, _| json(200, value!({"items": [], "next_cursor": null}))).await;
        let client = fake.client();
        client.practitioners().search().q("ann o'").profession("physician").accepting(true).send().await.unwrap();
        client
            .reports()
            .list()
            .patient(uuid::Uuid::nil().into())
            .state(ReportState::Signed)
            .cursor("c")
            .send()
            .await
            .unwrap();
        client.shares().inbox().state(ShareState::Acknowledged).send().await.unwrap();
        client.audit().events().action("share.read").send().await.unwrap();
        let paths: Vec<_> = fake.asked().into_iter().map(|asked| asked.path).collect();
        let nil = uuid::Uuid::nil();
        assert_eq!(
            paths,
            [
                "/v1/practitioners?q=ann+o%27&profession=physician&accepting=true".to_owned(),
                format!("/v1/reports?patient_id={nil}&state=signed&cursor=c"),
                "/v1/inbox?state=acknowledged".to_owned(),
                "/v1/audit_events?action=share.read".to_owned(),
            ]
        );
    }

    /// The lint looks at what gives back a `Result`; these fail later.
    #[test]
    fn what_makes_a_list_a_stream_or_a_request_tells_how_it_fails() {
        let later = ["-> List<", "-> Follow", "-> impl Stream<", "-> Request"];
        let mut told = 0;
        for source in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src")).unwrap() {
            let text = std::fs::read_to_string(source.unwrap().path()).unwrap();
            let mut is_told = false;
            for line in text.lines().map(str::trim_start) {
                if line.starts_with("pub fn ") && later.iter().any(|it| line.contains(it)) {
                    assert!(is_told, "no # Errors: {line}");
                    told += 1;
                }
                is_told |= line == "/// # Errors";
                is_told &= line.starts_with("///") || line.starts_with("#[");
            }
        }
        assert!(told > 20, "{told}");
    }

    #[tokio::test]
    async fn what_a_patient_search_looks_for_is_never_in_the_address() {
        let fake = Fake::start(|_, _| json(200, value!({"items": [], "next_cursor": null}))).await;
        let search = PatientSearch { family_name: Some("Sample".into()), ..PatientSearch::default() };
        fake.client().patients().search(&search).limit(5).send().await.unwrap();
        let asked = fake.asked();
        assert_eq!((asked[0].method.as_str(), asked[0].path.as_str()), ("POST", "/v1/patients/search?limit=5"));
        assert_eq!(asked[0].body, r#"{"family_name":"Sample"}"#);
    }
}
