// Printed from openapi.yaml; `npx vitest run test/client -u` prints it again.
export interface paths {
    "/v1/collections/{collection}/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Items like the examples
         * @description Examples are items, vectors, pictures or addresses of pictures, each with a weight; a multipart request brings one picture as the file `image`. With a `region`, only that part of a picture is the example. Items named as examples are not among the hits. Scope `search`.
         */
        post: operations["search"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{collection}/items/{itemId}/similar": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Items like one item
         * @description Scope `search`.
         */
        get: operations["similar"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{collection}/search:batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Many searches at once
         * @description Answers stand in the order of the searches; one that fails does not fail the others. Scope `search`.
         */
        post: operations["searchBatch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{collection}/recommendations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What somebody should see next
         * @description For a user, a session, or examples liked and disliked (negative weight); without any of them, what is popular. People are answered by the behaviour model of the release, once one was trained, else by what looks like their taste. What somebody has seen does not come back unless `includeSeen` says so. `explore` tries out what is little known, `log` keeps what was shown; an active experiment answers each person as their variant says. Scope `search`.
         */
        post: operations["recommend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{collection}/embed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Vectors of pictures
         * @description By the model this collection is searched with. JSON with pictures, or multipart with files `image`. Scope `search`.
         */
        post: operations["embed"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{collection}/duplicates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Items that are copies of another one
         * @description Each item that is taken for a copy of one whose id stands before its own, beside the first such item: what would go if each picture were kept once. A request looks at 2,000 items at most and for a second at most, so a page may be short or empty: go on by nextCursor, which belongs to one index. See docs/confidence.md. Scope `search`.
         */
        get: operations["listDuplicates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{collection}/items/{itemId}/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Where an example and an item are alike
         * @description The parts of two pictures that match: of the example (an item, a picture, its address, or a part of one; in a form the file `image`) and of this item. Ask for `image/png` with `Accept` for both heat maps beside each other as one picture. See docs/regions.md. Scope `search`.
         */
        post: operations["explainMatch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{collection}/items/{itemId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One item
         * @description Scope `search`.
         */
        get: operations["getItem"];
        /**
         * Write an item
         * @description Replaces the attributes, and the picture where one is given; a picture is never dropped by leaving it out. Answered once it is on disk and found. Multipart brings the picture as the file `image`. Scope `write`.
         */
        put: operations["putItem"];
        post?: never;
        /**
         * Delete an item
         * @description Scope `write`.
         */
        delete: operations["deleteItem"];
        options?: never;
        head?: never;
        /**
         * Change attributes
         * @description JSON Merge Patch (RFC 7396) on the attributes: null removes a field. Scope `write`.
         */
        patch: operations["patchItem"];
        trace?: never;
    };
    "/v1/collections/{collection}/items/{itemId}/image": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The picture of an item
         * @description The original, or with `size` a thumbnail (WebP) that fits a square of so many pixels. Scope `search`.
         */
        get: operations["getItemImage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{collection}/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List items
         * @description In byte order of their ids. A page may be shorter than `limit` where a filter is rare: go on by nextCursor. Scope `search`.
         */
        get: operations["listItems"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{collection}/items:batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Write many items
         * @description JSON Lines of any length, one item a line; one result line an input line is streamed back while lines are read. A bad line never stops the rest. Read the answer while you send: the server stops reading when too much of it waits. Scope `write`.
         */
        post: operations["batchItems"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{collection}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say what people did
         * @description One event or a list as JSON, or JSON Lines of any length. Events of any age count, in any order of arrival, on items and by people that nothing is known of; one dated more than a day ahead is refused. Scope `write`.
         */
        post: operations["addEvents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{collection}/users/{userId}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All that is kept of one person
         * @description Oldest first. An event that comes late, and happened before the last one of a page, is not on the pages behind it. Somebody unknown has no events. Scope `admin`.
         */
        get: operations["listUserEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{collection}/users/{userId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Forget one person
         * @description A job that takes away every event of this person that has arrived so far, and them out of all counts. Once it has succeeded no answer depends on them. Events that arrive after this request are kept, until somebody asks again. Scope `admin`.
         */
        delete: operations["forgetUser"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{collection}/experiments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The experiments of a collection
         * @description Scope `admin`.
         */
        get: operations["listExperiments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{collection}/experiments/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One experiment
         * @description Scope `admin`.
         */
        get: operations["getExperiment"];
        /**
         * Make or replace an experiment
         * @description While it is active, each person who is recommended something belongs to one of its variants, always the same one, and is answered as that variant says. One experiment is active at a time. Whoever is in a variant whose share is changed stays in it as far as that can be; those in others stay where they are. Scope `admin`.
         */
        put: operations["putExperiment"];
        post?: never;
        /**
         * Delete an experiment
         * @description Its impressions stay, as other events do. To end it and keep its results, PUT it with an `until`. Scope `admin`.
         */
        delete: operations["deleteExperiment"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{collection}/experiments/{name}/results": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How the variants of an experiment do
         * @description Over the impressions that name it, kept by `log` or sent as events. Intervals allow for one person having many impressions. Whoever was shown two variants is left out and said. Scope `admin`.
         */
        get: operations["getExperimentResults"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{collection}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One collection
         * @description Scope `search`.
         */
        get: operations["getCollection"];
        /**
         * Make or change a collection
         * @description Scope `admin`.
         */
        put: operations["putCollection"];
        post?: never;
        /**
         * Delete a collection with all that is in it
         * @description Scope `admin`.
         */
        delete: operations["deleteCollection"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The collections there are
         * @description Scope `search`.
         */
        get: operations["listCollections"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The newest jobs
         * @description Scope `admin`.
         */
        get: operations["listJobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/jobs/{jobId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How far a job is
         * @description Scope `admin`.
         */
        get: operations["getJob"];
        put?: never;
        post?: never;
        /**
         * Cancel a job
         * @description A queued job is cancelled at once, a running one is asked to stop; one that has ended stays as it is. Scope `admin`.
         */
        delete: operations["cancelJob"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/jobs/{jobId}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow a job
         * @description Server-sent events, each the job as JSON; the stream ends with the job. Scope `admin`.
         */
        get: operations["streamJob"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/collections/{collection}/reindex": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Build a new index and serve it
         * @description With `whiten`, the variances of the collection’s own vectors are evened out inside the index (stored embeddings stay as they are); absent, as the active index does it. Scope `admin`.
         */
        post: operations["reindex"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/collections/{collection}/train": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Train an encoder on the pictures of a collection
         * @description Scope `admin`.
         */
        post: operations["train"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/collections/{collection}/retrain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Retrain on what is new, and switch where that is better
         * @description Scope `admin`.
         */
        post: operations["retrain"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/collections/{collection}/behaviour/train": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Learn from what people did
         * @description Fits a behaviour model to all events of the collection, weighs its sources by events that are held back, and serves it with the index and encoder that are served. Scope `admin`.
         */
        post: operations["trainBehaviour"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/collections/{collection}/estimate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What another way of recommending would have been worth
         * @description Plans every answer of the log whose impressions have a propensity again, the other way, as people were then, and weighs each impression by how much more or less often it would have been shown. The result of the job has successes an impression, as `value`, `low` and `high`: `shown` as it was, `ips`, `clipped` and `snips` for the other way; with `impressions`, `people`, `answers`, `skipped`, `coverage`, `effective` and `warnings`. Fails with `IMPRESSIONS_MISSING` where nothing can be weighed. See docs/experiments.md. Scope `admin`.
         */
        post: operations["estimate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/collections/{collection}/releases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was and is served
         * @description Scope `admin`.
         */
        get: operations["listReleases"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/collections/{collection}/releases/{releaseId}/activate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Promote or roll back
         * @description Scope `admin`.
         */
        post: operations["activateRelease"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/collections/{collection}/rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The rules of a collection
         * @description Scope `admin`.
         */
        get: operations["listRules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/collections/{collection}/rules/{ruleId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One rule
         * @description Scope `admin`.
         */
        get: operations["getRule"];
        /**
         * Make or replace a rule: pin, boost, bury or hide
         * @description For one item or all that a filter names, for a time or for good. Rules hold in searches and recommendations; a request can do without pins, boosts and buries, never without what is hidden. Other processes follow within a second. Scope `admin`.
         */
        put: operations["putRule"];
        post?: never;
        /**
         * Delete a rule
         * @description Scope `admin`.
         */
        delete: operations["deleteRule"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether the process answers
         * @description Needs no key.
         */
        get: operations["healthz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether every index is loaded and caught up
         * @description Needs no key.
         */
        get: operations["readyz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Figures for Prometheus
         * @description Any key.
         */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.yaml": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * This description
         * @description Needs no key.
         */
        get: operations["openapi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description The name of a collection; `default` exists from the start. */
        CollectionName: string;
        SearchRequest: {
            examples: components["schemas"]["Example"][];
            /**
             * @description How many hits.
             * @default 10
             */
            k?: number;
            /** @description nextCursor of the page before. */
            cursor?: string;
            /** @description A condition on attributes: {"field": value}, {"field": {"in": […]}}, {"field": {"gt" | "gte" | "lt" | "lte": x}}, {"field": {"exists": true}}, {"and": […]}, {"or": […]}, {"not": …}. Fields are dotted paths; 64 nodes at most. */
            filter?: {
                [key: string]: unknown;
            };
            minSimilarity?: number;
            /** @description The least confidence of a hit, where the index knows what its similarities mean; see docs/confidence.md. Hits without a similarity are left out, and an answer may be empty: `noMatch` then says why. */
            minConfidence?: number;
            /** @description How much likeness to the hits above counts against a hit: 0 as without, 1 only unlike hits. Hits have a score then. */
            diversity?: number;
            /**
             * @description Whether `diversity` counts likeness to the most alike hit above (`marginal`, as where it is left out) or to all of them together (`determinantal`).
             * @enum {string}
             */
            diversityBy?: "marginal" | "determinantal";
            /** @description An attribute: of items that share its value, only the best is shown. Items without it stand alone. */
            groupBy?: string;
            /** @description At most so many hits, on all pages together, with one value of an attribute. */
            caps?: {
                /** @description An attribute; each element of a list counts. */
                field: string;
                most: number;
            }[];
            /**
             * @description `collapse`: a hit that is taken for a copy of one above is folded into that one, at a false-positive rate of 1 in 100 as the index was calibrated; see docs/confidence.md. As `show` where it is left out.
             * @enum {string}
             */
            duplicates?: "show" | "collapse";
            /** @description false: without the pins, boosts and buries of the collection. What its rules hide stays hidden. */
            rules?: boolean;
            /** @default false */
            explain?: boolean;
        };
        /** @description One of an item, a vector, a picture and the address of a picture. */
        Example: {
            itemId?: components["schemas"]["ItemId"];
            vector?: components["schemas"]["Vector"];
            /** @description The model that made `vector`. */
            modelId?: string;
            /** @description The bytes of a picture, as base64; a `data:` URL is taken as well. */
            image?: string;
            /** @description A public http(s) address of a picture, which the server fetches. */
            imageUrl?: string;
            /** @description Only this part of the picture is the example: of `image`, `imageUrl`, or the picture of `itemId`. */
            region?: components["schemas"]["Region"];
            /**
             * @description Negative: not like this.
             * @default 1
             */
            weight?: number;
        };
        /** @description Any string of 1 to 256 characters without control characters. */
        ItemId: string;
        /** @description Finite numbers, as many as the model or the collection has dimensions. */
        Vector: number[];
        /** @description A part of an upright picture: its left, top, width and height as shares of the whole, from 0 to 1. */
        Region: {
            x: number;
            y: number;
            width: number;
            height: number;
        };
        SearchBatchRequest: {
            searches: components["schemas"]["SearchRequest"][];
        };
        RecommendRequest: {
            user?: string;
            session?: string;
            examples?: components["schemas"]["Example"][];
            /** @description The item that is being looked at. */
            context?: components["schemas"]["ItemId"];
            /**
             * @description How many hits.
             * @default 10
             */
            k?: number;
            /** @description nextCursor of the page before. */
            cursor?: string;
            /** @description A condition on attributes: {"field": value}, {"field": {"in": […]}}, {"field": {"gt" | "gte" | "lt" | "lte": x}}, {"field": {"exists": true}}, {"and": […]}, {"or": […]}, {"not": …}. Fields are dotted paths; 64 nodes at most. */
            filter?: {
                [key: string]: unknown;
            };
            strategy?: string;
            /** @default [] */
            exclude?: components["schemas"]["ItemId"][];
            /** @default false */
            includeSeen?: boolean;
            /** @description The least confidence of a hit, where the index knows what its similarities mean; see docs/confidence.md. Hits without a similarity are left out, and an answer may be empty: `noMatch` then says why. */
            minConfidence?: number;
            /** @description How much likeness to the hits above counts against a hit: 0 as without, 1 only unlike hits. Hits have a score then. */
            diversity?: number;
            /**
             * @description Whether `diversity` counts likeness to the most alike hit above (`marginal`, as where it is left out) or to all of them together (`determinantal`).
             * @enum {string}
             */
            diversityBy?: "marginal" | "determinantal";
            /** @description An attribute: of items that share its value, only the best is shown. Items without it stand alone. */
            groupBy?: string;
            /** @description At most so many hits, on all pages together, with one value of an attribute. */
            caps?: {
                /** @description An attribute; each element of a list counts. */
                field: string;
                most: number;
            }[];
            /**
             * @description `collapse`: a hit that is taken for a copy of one above is folded into that one, at a false-positive rate of 1 in 100 as the index was calibrated; see docs/confidence.md. As `show` where it is left out.
             * @enum {string}
             */
            duplicates?: "show" | "collapse";
            /** @description false: without the pins, boosts and buries of the collection. What its rules hide stays hidden. */
            rules?: boolean;
            /** @description As the collection's settings say where it is left out; null: not at all. */
            explore?: components["schemas"]["Explore"] | null;
            /** @description What the draws of `explore` hang on, instead of who asks and the hour: equal seeds, equal draws from equal counts. */
            seed?: string;
            /**
             * @description Whether the hits are kept as impressions, on disk before the answer; needs the scope `write` as well.
             * @default false
             */
            log?: boolean;
            /** @default false */
            explain?: boolean;
        };
        /** @description Tries out items that were shown little; see docs/experiments.md. Each hit has a `propensity` then. */
        Explore: {
            /** @description The probability that a place below the first is given to an item that is little known. */
            share: number;
            /**
             * @description `epsilon`: each as likely; `thompson`: as likely as it is to be chosen most often, by what is known of it.
             * @default epsilon
             * @enum {string}
             */
            by?: "epsilon" | "thompson";
            /**
             * @description How far down places are given away.
             * @default 10
             */
            places?: number;
        };
        EmbedRequest: {
            images?: string[];
            /** @description The bytes of a picture, as base64; a `data:` URL is taken as well. */
            image?: string;
            /** @description A public http(s) address of a picture, which the server fetches. */
            imageUrl?: string;
        };
        ExplainRequest: {
            example: components["schemas"]["PictureExample"];
            /**
             * @description `places`: what of each picture is found again anywhere in the other. `shares`: what each part gives to the similarity, which also counts where things are.
             * @default places
             * @enum {string}
             */
            show?: "places" | "shares";
            /**
             * @description Sides of the PNGs in pixels.
             * @default 384
             */
            size?: number;
            /**
             * @description true: the heat lies on the picture, which is paled. false: the heat alone, on transparency.
             * @default true
             */
            blend?: boolean;
        };
        /** @description One of an item, a picture and the address of a picture. */
        PictureExample: {
            itemId?: components["schemas"]["ItemId"];
            /** @description The bytes of a picture, as base64; a `data:` URL is taken as well. */
            image?: string;
            /** @description A public http(s) address of a picture, which the server fetches. */
            imageUrl?: string;
            /** @description Only this part of the picture is the example. */
            region?: components["schemas"]["Region"];
        };
        ItemWrite: {
            /** @description A public http(s) address of a picture, which the server fetches. */
            imageUrl?: string;
            /** @description The bytes of a picture, as base64; a `data:` URL is taken as well. */
            image?: string;
            vector?: components["schemas"]["Vector"];
            attributes?: components["schemas"]["Attributes"];
        };
        /** @description One JSON object an item. */
        Attributes: {
            [key: string]: unknown;
        };
        ItemPatch: {
            /** @description The patch. */
            attributes: components["schemas"]["Attributes"];
        };
        /** @description One line of a batch. */
        ItemLine: {
            itemId: components["schemas"]["ItemId"];
            /** @description A public http(s) address of a picture, which the server fetches. */
            imageUrl?: string;
            /** @description The bytes of a picture, as base64; a `data:` URL is taken as well. */
            image?: string;
            vector?: components["schemas"]["Vector"];
            attributes?: components["schemas"]["Attributes"];
        };
        EventsRequest: components["schemas"]["Event"] | components["schemas"]["Event"][];
        /** @description One thing somebody did with one item. */
        Event: {
            userId?: string;
            sessionId?: string;
            itemId: components["schemas"]["ItemId"];
            /** @enum {string} */
            kind: "view" | "click" | "cart" | "purchase" | "like" | "dislike" | "impression";
            /** @description When it happened; now where it is left out. */
            time?: number | string;
            value?: number;
            /** @description The same id twice counts once. */
            eventId?: string;
            /** @description With impressions: the probability that the item was shown in its place, as its hit says. */
            propensity?: number;
            /** @description With impressions: the place, from 1. */
            position?: number;
            /** @description With impressions: the same for all that one answer showed. */
            requestId?: string;
            /** @description With impressions: as the answer says. */
            experiment?: string;
            /** @description With impressions: as the answer says. */
            variant?: string;
        };
        /** @description Whoever did it: any string of 1 to 256 characters. */
        UserId: string;
        ExperimentWrite: {
            /** @description The others are compared with the first one. */
            variants: components["schemas"]["Variant"][];
            /** @description Now, where a new one does not say. */
            from?: (number | string) | null;
            until?: (number | string) | null;
            /**
             * @description An event of one of these kinds by the same person on the item, so soon after an impression.
             * @default {
             *       "kinds": [
             *         "click",
             *         "like",
             *         "cart",
             *         "purchase"
             *       ],
             *       "windowHours": 24
             *     }
             */
            success?: {
                /**
                 * @default [
                 *       "click",
                 *       "like",
                 *       "cart",
                 *       "purchase"
                 *     ]
                 */
                kinds?: ("view" | "click" | "cart" | "purchase" | "like" | "dislike" | "impression")[];
                /** @default 24 */
                windowHours?: number;
            };
        };
        Variant: {
            name: string;
            /** @description Kept to a ten-thousandth; all of them add up to 1. */
            share: number;
            /** @default {} */
            request?: components["schemas"]["VariantRequest"];
        };
        /** @description Fields of requests for recommendations that are as a variant says. */
        VariantRequest: {
            strategy?: string;
            /** @description A condition on attributes: {"field": value}, {"field": {"in": […]}}, {"field": {"gt" | "gte" | "lt" | "lte": x}}, {"field": {"exists": true}}, {"and": […]}, {"or": […]}, {"not": …}. Fields are dotted paths; 64 nodes at most. */
            filter?: {
                [key: string]: unknown;
            };
            includeSeen?: boolean;
            /** @description The least confidence of a hit, where the index knows what its similarities mean; see docs/confidence.md. Hits without a similarity are left out, and an answer may be empty: `noMatch` then says why. */
            minConfidence?: number;
            /** @description How much likeness to the hits above counts against a hit: 0 as without, 1 only unlike hits. Hits have a score then. */
            diversity?: number;
            /**
             * @description Whether `diversity` counts likeness to the most alike hit above (`marginal`, as where it is left out) or to all of them together (`determinantal`).
             * @enum {string}
             */
            diversityBy?: "marginal" | "determinantal";
            /** @description An attribute: of items that share its value, only the best is shown. Items without it stand alone. */
            groupBy?: string;
            /** @description At most so many hits, on all pages together, with one value of an attribute. */
            caps?: {
                /** @description An attribute; each element of a list counts. */
                field: string;
                most: number;
            }[];
            /**
             * @description `collapse`: a hit that is taken for a copy of one above is folded into that one, at a false-positive rate of 1 in 100 as the index was calibrated; see docs/confidence.md. As `show` where it is left out.
             * @enum {string}
             */
            duplicates?: "show" | "collapse";
            /** @description false: without the pins, boosts and buries of the collection. What its rules hide stays hidden. */
            rules?: boolean;
            explore?: components["schemas"]["Explore"] | null;
        };
        CollectionSettings: {
            /** @description A model, or `none` where items bring vectors or only attributes. */
            encoder?: string;
            /** @description Length of vectors that items bring. */
            dimension?: number;
            /** @description How recommendations of this collection explore where a request does not say, and names a user, a session or a seed; null: not at all. */
            explore?: components["schemas"]["Explore"] | null;
        };
        ReindexRequest: {
            /** @enum {string} */
            whiten?: "none" | "half" | "full";
        };
        TrainRequest: {
            /** @description Minutes of training; KINDRED_RETRAIN_MINUTES where it is left out. */
            minutes?: number;
        };
        RetrainRequest: {
            /** @description Minutes of training; KINDRED_RETRAIN_MINUTES where it is left out. */
            minutes?: number;
        };
        EstimateRequest: {
            /** @description The other way, as a variant of an experiment would say it. */
            request: components["schemas"]["VariantRequest"];
            /**
             * @description An event of one of these kinds by the same person on the item, so soon after an impression.
             * @default {
             *       "kinds": [
             *         "click",
             *         "like",
             *         "cart",
             *         "purchase"
             *       ],
             *       "windowHours": 24
             *     }
             */
            success?: {
                /**
                 * @default [
                 *       "click",
                 *       "like",
                 *       "cart",
                 *       "purchase"
                 *     ]
                 */
                kinds?: ("view" | "click" | "cart" | "purchase" | "like" | "dislike" | "impression")[];
                /** @default 24 */
                windowHours?: number;
            };
            /**
             * @description Weights beyond this are cut off in the clipped estimate.
             * @default 10
             */
            clip?: number;
        };
        ActivateRequest: Record<string, never>;
        RuleWrite: {
            /** @enum {string} */
            action: "pin" | "boost" | "bury" | "hide";
            name?: string | null;
            itemId?: components["schemas"]["ItemId"] | null;
            filter?: {
                [key: string]: unknown;
            } | null;
            /** @description Where a pin puts its item, from 1 (as without it). */
            position?: number | null;
            /** @description What a boost adds to a score and a bury takes from it; 0.2 where it is left out. */
            by?: number | null;
            from?: (number | string) | null;
            until?: (number | string) | null;
        };
        SearchAnswer: {
            hits: components["schemas"]["Hit"][];
            nextCursor?: string;
            noMatch?: components["schemas"]["NoMatch"];
            indexId: string | null;
            modelId: string | null;
            tookMs: number;
        };
        /** @description An item and how close it is: cosine similarity in [−1, 1]. */
        Hit: {
            itemId: components["schemas"]["ItemId"];
            similarity?: number;
            /** @description How often two items this alike are as close as two copies of one picture; where the index knows. */
            confidence?: number;
            score?: number;
            /** @description Copies that were folded into this hit, at most 20. */
            duplicates?: components["schemas"]["ItemId"][];
            attributes?: components["schemas"]["Attributes"];
            imageUrl?: string;
            /** @description The probability that this item stands in this place, where the request explores. */
            propensity?: number;
            /**
             * @description Drawn to be tried out.
             * @constant
             */
            explored?: true;
            explain?: {
                [key: string]: unknown;
            };
        };
        /** @description Why there are no hits. */
        NoMatch: {
            /**
             * @description `NO_GOOD_MATCH`: there are items, none as close as was asked for. `NOTHING_KNOWN`: only close ones were asked for, and nothing is known that they could be close to. `NOTHING_LEFT`: no item may be shown at all.
             * @enum {string}
             */
            code: "NO_GOOD_MATCH" | "NOTHING_KNOWN" | "NOTHING_LEFT";
            detail: string;
        };
        /** @description A problem document, RFC 9457. */
        Problem: {
            type: string;
            title: string;
            status: number;
            /** @description Stable and upper-case; the same failure always has the same code. */
            code: string;
            detail: string;
            remedy?: string;
            requestId?: string;
            issues?: {
                path: string;
                message: string;
            }[];
        };
        SearchBatchAnswer: {
            results: (components["schemas"]["SearchAnswer"] | {
                error: components["schemas"]["Problem"];
            })[];
        };
        RecommendAnswer: {
            hits: components["schemas"]["Hit"][];
            nextCursor?: string;
            noMatch?: components["schemas"]["NoMatch"];
            strategy: string;
            /**
             * @description What the hits go by: what this `person` did, what `examples` (or the context item) look like, or what `everybody` did and what is new, which for a named user or session means that nothing is known of them. `nothing` where there are no hits for that reason.
             * @enum {string}
             */
            basis: "person" | "examples" | "everybody" | "nothing";
            /** @description The experiment this answer is part of; impressions that you send should name both. */
            experiment?: {
                name: string;
                variant: string;
            };
            /** @description How many impressions were kept, where `log` asked for it. */
            logged?: number;
            indexId: string | null;
            modelId: string | null;
            tookMs: number;
        };
        EmbedAnswer: {
            vectors: number[][];
            modelId: string;
        };
        /** @description Items that are copies of others, and how sure that is. */
        DuplicatePage: {
            duplicates: {
                itemId: components["schemas"]["ItemId"];
                copyOf: components["schemas"]["ItemId"];
                similarity: number;
                confidence: number;
            }[];
            nextCursor?: string;
            /** @description Of items that have no copy, the share that is listed all the same. */
            rate: number;
            /** @description Copies are more alike than this. */
            similarity: number;
            /** @description Of copies made to measure it, the share that is more alike than that. */
            finds: number;
            /** @description How many items the collection has. */
            items: number;
            indexId: string | null;
            modelId: string | null;
            tookMs: number;
        };
        ExplainAnswer: {
            similarity: number;
            query: components["schemas"]["ExplainedSide"];
            hit: components["schemas"]["ExplainedSide"];
            indexId: string | null;
            modelId: string;
            tookMs: number;
        };
        /** @description The square of a picture that the encoder sees, and its heat. */
        ExplainedSide: {
            /** @description How alike the best place of the other picture is, row by row, in [−1, 1]. */
            places: number[][];
            /** @description What each cell gives to the similarity, row by row; they add up to it. */
            shares: number[][];
            /** @description What `show` names, as a heat map: a PNG, as base64. */
            image: string;
        };
        Item: {
            itemId: components["schemas"]["ItemId"];
            attributes: components["schemas"]["Attributes"];
            picture: components["schemas"]["Picture"] | null;
            imageUrl?: string;
            revision: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        Picture: {
            /** @description SHA-256 of the bytes. */
            content: string;
            mime: string;
            width: number;
            height: number;
            sizeBytes: number;
        };
        ItemPage: {
            items: components["schemas"]["Item"][];
            nextCursor?: string;
        };
        /** @description The result of one line of a batch. */
        ItemResult: {
            line: number;
            itemId?: string;
            /** @enum {string} */
            status: "stored" | "unchanged" | "failed";
            code?: string;
            message?: string;
        };
        EventsAnswer: {
            accepted: number;
            duplicates: number;
            failed: {
                line: number;
                code: string;
                message: string;
            }[];
            /** @description How many lines failed beyond those that `failed` lists: the first 10,000. */
            failedUnlisted?: number;
        };
        UserEventPage: {
            events: components["schemas"]["StoredEvent"][];
            nextCursor?: string;
        };
        /** @description One thing a person did, as it is kept. */
        StoredEvent: {
            userId: string;
            sessionId?: string;
            itemId: components["schemas"]["ItemId"];
            /** @enum {string} */
            kind: "view" | "click" | "cart" | "purchase" | "like" | "dislike" | "impression";
            /** Format: date-time */
            time: string;
            value?: number;
            eventId?: string;
            propensity?: number;
            position?: number;
            requestId?: string;
            experiment?: string;
            variant?: string;
            /** @description What the answer had been asked for, beside whom it was for. */
            request?: components["schemas"]["Attributes"];
            /** Format: date-time */
            receivedAt: string;
        };
        Job: {
            jobId: string;
            kind: string;
            collection: string;
            /** @enum {string} */
            state: "queued" | "running" | "succeeded" | "failed" | "cancelled";
            progress?: {
                stage?: string;
                done: number;
                total?: number;
                unit: string;
                etaSeconds?: number;
                note?: string;
            };
            result?: unknown;
            error?: {
                code: string;
                message: string;
                remedy?: string;
            };
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            startedAt?: string;
            /** Format: date-time */
            finishedAt?: string;
        };
        ExperimentList: {
            experiments: components["schemas"]["Experiment"][];
        };
        /** @description People, split over variants of what is recommended to them. */
        Experiment: {
            name: string;
            active: boolean;
            variants: components["schemas"]["VariantOutput"][];
            /** Format: date-time */
            from: string;
            until: string | null;
            success: {
                kinds: ("view" | "click" | "cart" | "purchase" | "like" | "dislike" | "impression")[];
                windowHours: number;
            };
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        ExperimentResults: {
            name: string;
            variants: {
                name: string;
                people: number;
                impressions: number;
                successes: number;
                /** @description Successes an impression, with the 95% interval; null where nothing was shown. */
                rate: {
                    value: number;
                    low: number;
                    high: number;
                } | null;
                /** @description Its rate less that of the first variant, with the 95% interval; null for the first one. */
                difference: {
                    value: number;
                    low: number;
                    high: number;
                } | null;
                /** @description The same in words. */
                says: string;
            }[];
            warnings: string[];
        };
        Collection: {
            name: components["schemas"]["CollectionName"];
            encoder: string | null;
            dimension: number | null;
            explore: components["schemas"]["ExploreOutput"] | null;
            items: number;
            indexId: string | null;
            modelId: string | null;
            /** Format: date-time */
            createdAt: string;
        };
        CollectionList: {
            collections: components["schemas"]["Collection"][];
        };
        JobList: {
            jobs: components["schemas"]["Job"][];
        };
        ReleaseList: {
            releases: components["schemas"]["Release"][];
        };
        Release: {
            releaseId: string;
            collection: string;
            indexId: string;
            modelId: string;
            behaviourId: string | null;
            active: boolean;
            origin: string;
            /** Format: date-time */
            createdAt: string;
            activatedAt: string | null;
        };
        RuleList: {
            rules: components["schemas"]["Rule"][];
        };
        /** @description What an administrator wants of some items, whatever they score. */
        Rule: {
            ruleId: string;
            /** @enum {string} */
            action: "pin" | "boost" | "bury" | "hide";
            name: string | null;
            itemId: string | null;
            filter: {
                [key: string]: unknown;
            } | null;
            position: number | null;
            by: number | null;
            from: string | null;
            until: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        Health: {
            /** @constant */
            status: "ok";
            version: string;
        };
        Readiness: {
            /** @constant */
            status: "ready";
        };
        VariantOutput: {
            name: string;
            /** @description Kept to a ten-thousandth; all of them add up to 1. */
            share: number;
            /** @default {} */
            request: components["schemas"]["VariantRequestOutput"];
        };
        /** @description Fields of requests for recommendations that are as a variant says. */
        VariantRequestOutput: {
            strategy?: string;
            /** @description A condition on attributes: {"field": value}, {"field": {"in": […]}}, {"field": {"gt" | "gte" | "lt" | "lte": x}}, {"field": {"exists": true}}, {"and": […]}, {"or": […]}, {"not": …}. Fields are dotted paths; 64 nodes at most. */
            filter?: {
                [key: string]: unknown;
            };
            includeSeen?: boolean;
            /** @description The least confidence of a hit, where the index knows what its similarities mean; see docs/confidence.md. Hits without a similarity are left out, and an answer may be empty: `noMatch` then says why. */
            minConfidence?: number;
            /** @description How much likeness to the hits above counts against a hit: 0 as without, 1 only unlike hits. Hits have a score then. */
            diversity?: number;
            /**
             * @description Whether `diversity` counts likeness to the most alike hit above (`marginal`, as where it is left out) or to all of them together (`determinantal`).
             * @enum {string}
             */
            diversityBy?: "marginal" | "determinantal";
            /** @description An attribute: of items that share its value, only the best is shown. Items without it stand alone. */
            groupBy?: string;
            /** @description At most so many hits, on all pages together, with one value of an attribute. */
            caps?: {
                /** @description An attribute; each element of a list counts. */
                field: string;
                most: number;
            }[];
            /**
             * @description `collapse`: a hit that is taken for a copy of one above is folded into that one, at a false-positive rate of 1 in 100 as the index was calibrated; see docs/confidence.md. As `show` where it is left out.
             * @enum {string}
             */
            duplicates?: "show" | "collapse";
            /** @description false: without the pins, boosts and buries of the collection. What its rules hide stays hidden. */
            rules?: boolean;
            explore?: components["schemas"]["ExploreOutput"] | null;
        };
        /** @description Tries out items that were shown little; see docs/experiments.md. Each hit has a `propensity` then. */
        ExploreOutput: {
            /** @description The probability that a place below the first is given to an item that is little known. */
            share: number;
            /**
             * @description `epsilon`: each as likely; `thompson`: as likely as it is to be chosen most often, by what is known of it.
             * @default epsilon
             * @enum {string}
             */
            by: "epsilon" | "thompson";
            /**
             * @description How far down places are given away.
             * @default 10
             */
            places: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    search: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of a collection; `default` exists from the start. */
                collection: components["schemas"]["CollectionName"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SearchRequest"];
                "multipart/form-data": {
                    image?: string;
                    /** @default [] */
                    examples?: components["schemas"]["Example"][];
                    /** @description Only this part of the file is the example. */
                    region?: components["schemas"]["Region"];
                    /**
                     * @description How many hits.
                     * @default 10
                     */
                    k?: number;
                    /** @description nextCursor of the page before. */
                    cursor?: string;
                    /** @description A condition on attributes: {"field": value}, {"field": {"in": […]}}, {"field": {"gt" | "gte" | "lt" | "lte": x}}, {"field": {"exists": true}}, {"and": […]}, {"or": […]}, {"not": …}. Fields are dotted paths; 64 nodes at most. */
                    filter?: {
                        [key: string]: unknown;
                    };
                    minSimilarity?: number;
                    /** @description The least confidence of a hit, where the index knows what its similarities mean; see docs/confidence.md. Hits without a similarity are left out, and an answer may be empty: `noMatch` then says why. */
                    minConfidence?: number;
                    /** @description How much likeness to the hits above counts against a hit: 0 as without, 1 only unlike hits. Hits have a score then. */
                    diversity?: number;
                    /**
                     * @description Whether `diversity` counts likeness to the most alike hit above (`marginal`, as where it is left out) or to all of them together (`determinantal`).
                     * @enum {string}
                     */
                    diversityBy?: "marginal" | "determinantal";
                    /** @description An attribute: of items that share its value, only the best is shown. Items without it stand alone. */
                    groupBy?: string;
                    /** @description At most so many hits, on all pages together, with one value of an attribute. */
                    caps?: {
                        /** @description An attribute; each element of a list counts. */
                        field: string;
                        most: number;
                    }[];
                    /**
                     * @description `collapse`: a hit that is taken for a copy of one above is folded into that one, at a false-positive rate of 1 in 100 as the index was calibrated; see docs/confidence.md. As `show` where it is left out.
                     * @enum {string}
                     */
                    duplicates?: "show" | "collapse";
                    /** @description false: without the pins, boosts and buries of the collection. What its rules hide stays hidden. */
                    rules?: boolean;
                    /** @default false */
                    explain?: boolean;
                };
            };
        };
        responses: {
            /** @description The nearest items, most similar first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SearchAnswer"];
                };
            };
            /** @description `CURSOR_INVALID`, `PICTURE_UNREADABLE`, `REQUEST_INVALID`, `URL_FAILED`, `URL_REFUSED`, `VECTOR_INVALID` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `COLLECTION_NOT_FOUND`, `ITEM_NOT_FOUND`, `MODEL_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CURSOR_GONE`, `ITEM_NOT_EMBEDDED`, `MODEL_MISMATCH`, `NOT_CALIBRATED`, `PICTURE_MISSING` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`, `PICTURE_TOO_LARGE` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_ACCEPTABLE_TYPE` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CATALOGUE_UNAVAILABLE`, `NOT_READY`, `OVERLOADED` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    similar: {
        parameters: {
            query?: {
                k?: number;
                cursor?: string;
                filter?: string;
                minSimilarity?: number;
                /** @description The least confidence of a hit, where the index knows what its similarities mean; see docs/confidence.md. Hits without a similarity are left out, and an answer may be empty: `noMatch` then says why. */
                minConfidence?: number;
                diversity?: number;
                diversityBy?: "marginal" | "determinantal";
                groupBy?: string;
                duplicates?: "show" | "collapse";
            };
            header?: never;
            path: {
                /** @description The name of a collection; `default` exists from the start. */
                collection: components["schemas"]["CollectionName"];
                /** @description Any string of 1 to 256 characters without control characters. */
                itemId: components["schemas"]["ItemId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The nearest items, never the item itself. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SearchAnswer"];
                };
            };
            /** @description `CURSOR_INVALID`, `REQUEST_INVALID` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `COLLECTION_NOT_FOUND`, `ITEM_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CURSOR_GONE`, `ITEM_NOT_EMBEDDED`, `NOT_CALIBRATED` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CATALOGUE_UNAVAILABLE`, `NOT_READY`, `OVERLOADED` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    searchBatch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of a collection; `default` exists from the start. */
                collection: components["schemas"]["CollectionName"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SearchBatchRequest"];
            };
        };
        responses: {
            /** @description One answer or error a search, in order. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SearchBatchAnswer"];
                };
            };
            /** @description `REQUEST_INVALID` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `COLLECTION_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_ACCEPTABLE_TYPE` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CATALOGUE_UNAVAILABLE`, `NOT_READY`, `OVERLOADED` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    recommend: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of a collection; `default` exists from the start. */
                collection: components["schemas"]["CollectionName"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RecommendRequest"];
            };
        };
        responses: {
            /** @description Hits in the order to show, and which strategy chose them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecommendAnswer"];
                };
            };
            /** @description `CURSOR_INVALID`, `PICTURE_UNREADABLE`, `REQUEST_INVALID`, `URL_FAILED`, `URL_REFUSED`, `VECTOR_INVALID` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `COLLECTION_NOT_FOUND`, `ITEM_NOT_FOUND`, `MODEL_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CURSOR_GONE`, `ITEM_NOT_EMBEDDED`, `MODEL_MISMATCH`, `NOT_CALIBRATED`, `PICTURE_MISSING` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`, `PICTURE_TOO_LARGE` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_ACCEPTABLE_TYPE` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CATALOGUE_UNAVAILABLE`, `DISK_FULL`, `NOT_READY`, `OVERLOADED` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    embed: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of a collection; `default` exists from the start. */
                collection: components["schemas"]["CollectionName"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EmbedRequest"];
                "multipart/form-data": {
                    image?: string[];
                };
            };
        };
        responses: {
            /** @description One unit vector a picture, in order. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EmbedAnswer"];
                };
            };
            /** @description `PICTURE_UNREADABLE`, `REQUEST_INVALID`, `URL_FAILED`, `URL_REFUSED` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `COLLECTION_NOT_FOUND`, `MODEL_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`, `PICTURE_TOO_LARGE` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_ACCEPTABLE_TYPE` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CATALOGUE_UNAVAILABLE`, `NOT_READY`, `OVERLOADED` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDuplicates: {
        parameters: {
            query?: {
                /** @description The false-positive rate: of items that have no copy, the share that may be listed. */
                rate?: 0.01 | 0.001 | 0.0001;
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The name of a collection; `default` exists from the start. */
                collection: components["schemas"]["CollectionName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page, in byte order of the ids. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DuplicatePage"];
                };
            };
            /** @description `CURSOR_INVALID`, `REQUEST_INVALID` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `COLLECTION_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CURSOR_GONE`, `NOT_CALIBRATED` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CATALOGUE_UNAVAILABLE`, `NOT_READY`, `OVERLOADED` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    explainMatch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of a collection; `default` exists from the start. */
                collection: components["schemas"]["CollectionName"];
                /** @description Any string of 1 to 256 characters without control characters. */
                itemId: components["schemas"]["ItemId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ExplainRequest"];
                "multipart/form-data": {
                    image?: string;
                    /** @description Only this part of the file is the example. */
                    region?: components["schemas"]["Region"];
                    /**
                     * @description `places`: what of each picture is found again anywhere in the other. `shares`: what each part gives to the similarity, which also counts where things are.
                     * @default places
                     * @enum {string}
                     */
                    show?: "places" | "shares";
                    /**
                     * @description Sides of the PNGs in pixels.
                     * @default 384
                     */
                    size?: number;
                    /**
                     * @description true: the heat lies on the picture, which is paled. false: the heat alone, on transparency.
                     * @default true
                     */
                    blend?: boolean;
                };
            };
        };
        responses: {
            /** @description The heat of both pictures. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExplainAnswer"];
                    "image/png": string;
                };
            };
            /** @description `PICTURE_UNREADABLE`, `REQUEST_INVALID`, `URL_FAILED`, `URL_REFUSED` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `COLLECTION_NOT_FOUND`, `ITEM_NOT_FOUND`, `MODEL_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `MODEL_WITHOUT_MAP`, `PICTURE_MISSING` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`, `PICTURE_TOO_LARGE` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_ACCEPTABLE_TYPE` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BLOB_DAMAGED`, `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CATALOGUE_UNAVAILABLE`, `NOT_READY`, `OVERLOADED` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getItem: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of a collection; `default` exists from the start. */
                collection: components["schemas"]["CollectionName"];
                /** @description Any string of 1 to 256 characters without control characters. */
                itemId: components["schemas"]["ItemId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The item. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Item"];
                };
            };
            /** @description `REQUEST_INVALID` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `COLLECTION_NOT_FOUND`, `ITEM_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CATALOGUE_UNAVAILABLE`, `OVERLOADED` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putItem: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of a collection; `default` exists from the start. */
                collection: components["schemas"]["CollectionName"];
                /** @description Any string of 1 to 256 characters without control characters. */
                itemId: components["schemas"]["ItemId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ItemWrite"];
                "multipart/form-data": {
                    image?: string;
                    attributes?: components["schemas"]["Attributes"];
                };
            };
        };
        responses: {
            /** @description Replaced, or already so. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Item"];
                };
            };
            /** @description New. */
            201: {
                headers: {
                    /** @description The address of the item. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Item"];
                };
            };
            /** @description `PICTURE_UNREADABLE`, `REQUEST_INVALID`, `URL_FAILED`, `URL_REFUSED`, `VECTOR_INVALID` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `COLLECTION_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `VECTORS_NOT_TAKEN` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`, `PICTURE_TOO_LARGE` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_ACCEPTABLE_TYPE` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CATALOGUE_UNAVAILABLE`, `DISK_FULL`, `NOT_READY`, `OVERLOADED` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteItem: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of a collection; `default` exists from the start. */
                collection: components["schemas"]["CollectionName"];
                /** @description Any string of 1 to 256 characters without control characters. */
                itemId: components["schemas"]["ItemId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone, also from searches. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `REQUEST_INVALID` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `COLLECTION_NOT_FOUND`, `ITEM_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CATALOGUE_UNAVAILABLE`, `DISK_FULL`, `OVERLOADED` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patchItem: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of a collection; `default` exists from the start. */
                collection: components["schemas"]["CollectionName"];
                /** @description Any string of 1 to 256 characters without control characters. */
                itemId: components["schemas"]["ItemId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ItemPatch"];
            };
        };
        responses: {
            /** @description The item as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Item"];
                };
            };
            /** @description `REQUEST_INVALID` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `COLLECTION_NOT_FOUND`, `ITEM_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_ACCEPTABLE_TYPE` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CATALOGUE_UNAVAILABLE`, `DISK_FULL`, `OVERLOADED` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getItemImage: {
        parameters: {
            query?: {
                size?: 64 | 128 | 256 | 512 | 1024;
                /** @description Part of a signed address. */
                expires?: string;
                /** @description Part of a signed address. */
                signature?: string;
            };
            header?: never;
            path: {
                /** @description The name of a collection; `default` exists from the start. */
                collection: components["schemas"]["CollectionName"];
                /** @description Any string of 1 to 256 characters without control characters. */
                itemId: components["schemas"]["ItemId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The picture. */
            200: {
                headers: {
                    /** @description Names the bytes. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "image/*": string;
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `PICTURE_UNREADABLE`, `REQUEST_INVALID` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `COLLECTION_NOT_FOUND`, `ITEM_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PICTURE_MISSING` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BLOB_DAMAGED`, `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CATALOGUE_UNAVAILABLE`, `OVERLOADED` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listItems: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
                filter?: string;
            };
            header?: never;
            path: {
                /** @description The name of a collection; `default` exists from the start. */
                collection: components["schemas"]["CollectionName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ItemPage"];
                };
            };
            /** @description `CURSOR_INVALID`, `REQUEST_INVALID` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `COLLECTION_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CATALOGUE_UNAVAILABLE`, `OVERLOADED` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    batchItems: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of a collection; `default` exists from the start. */
                collection: components["schemas"]["CollectionName"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-ndjson": components["schemas"]["ItemLine"];
            };
        };
        responses: {
            /** @description One result a line. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": components["schemas"]["ItemResult"];
                };
            };
            /** @description `REQUEST_INVALID` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `COLLECTION_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_ACCEPTABLE_TYPE` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CATALOGUE_UNAVAILABLE`, `NOT_READY`, `OVERLOADED` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addEvents: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of a collection; `default` exists from the start. */
                collection: components["schemas"]["CollectionName"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EventsRequest"];
                "application/x-ndjson": components["schemas"]["Event"];
            };
        };
        responses: {
            /** @description How many were new. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventsAnswer"];
                };
            };
            /** @description `REQUEST_INVALID` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `COLLECTION_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_ACCEPTABLE_TYPE` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CATALOGUE_UNAVAILABLE`, `DISK_FULL`, `OVERLOADED` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listUserEvents: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The name of a collection; `default` exists from the start. */
                collection: components["schemas"]["CollectionName"];
                /** @description Whoever did it: any string of 1 to 256 characters. */
                userId: components["schemas"]["UserId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserEventPage"];
                };
            };
            /** @description `CURSOR_INVALID`, `REQUEST_INVALID` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `COLLECTION_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CATALOGUE_UNAVAILABLE`, `OVERLOADED` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    forgetUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of a collection; `default` exists from the start. */
                collection: components["schemas"]["CollectionName"];
                /** @description Whoever did it: any string of 1 to 256 characters. */
                userId: components["schemas"]["UserId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Queued; or the equal job that is still queued. */
            202: {
                headers: {
                    /** @description The job. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description `REQUEST_INVALID` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `COLLECTION_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CATALOGUE_UNAVAILABLE`, `DISK_FULL`, `OVERLOADED` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listExperiments: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of a collection; `default` exists from the start. */
                collection: components["schemas"]["CollectionName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them, in the byte order of their names. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExperimentList"];
                };
            };
            /** @description `REQUEST_INVALID` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `COLLECTION_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CATALOGUE_UNAVAILABLE`, `OVERLOADED` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getExperiment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of a collection; `default` exists from the start. */
                collection: components["schemas"]["CollectionName"];
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The experiment. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Experiment"];
                };
            };
            /** @description `REQUEST_INVALID` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `COLLECTION_NOT_FOUND`, `EXPERIMENT_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CATALOGUE_UNAVAILABLE`, `OVERLOADED` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putExperiment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of a collection; `default` exists from the start. */
                collection: components["schemas"]["CollectionName"];
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ExperimentWrite"];
            };
        };
        responses: {
            /** @description It was there, and is as the request says now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Experiment"];
                };
            };
            /** @description New. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Experiment"];
                };
            };
            /** @description `REQUEST_INVALID` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `COLLECTION_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `EXPERIMENT_OVERLAP` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_ACCEPTABLE_TYPE` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CATALOGUE_UNAVAILABLE`, `DISK_FULL`, `OVERLOADED` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteExperiment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of a collection; `default` exists from the start. */
                collection: components["schemas"]["CollectionName"];
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `REQUEST_INVALID` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `COLLECTION_NOT_FOUND`, `EXPERIMENT_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CATALOGUE_UNAVAILABLE`, `DISK_FULL`, `OVERLOADED` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getExperimentResults: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of a collection; `default` exists from the start. */
                collection: components["schemas"]["CollectionName"];
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The variants, the first one first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExperimentResults"];
                };
            };
            /** @description `REQUEST_INVALID` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `COLLECTION_NOT_FOUND`, `EXPERIMENT_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CATALOGUE_UNAVAILABLE`, `OVERLOADED` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCollection: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of a collection; `default` exists from the start. */
                collection: components["schemas"]["CollectionName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The collection. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Collection"];
                };
            };
            /** @description `REQUEST_INVALID` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `COLLECTION_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CATALOGUE_UNAVAILABLE`, `OVERLOADED` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putCollection: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of a collection; `default` exists from the start. */
                collection: components["schemas"]["CollectionName"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["CollectionSettings"];
            };
        };
        responses: {
            /** @description It was there. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Collection"];
                };
            };
            /** @description New. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Collection"];
                };
            };
            /** @description `REQUEST_INVALID` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `MODEL_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `COLLECTION_ENCODER_FIXED` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_ACCEPTABLE_TYPE` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CATALOGUE_UNAVAILABLE`, `DISK_FULL`, `OVERLOADED` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteCollection: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of a collection; `default` exists from the start. */
                collection: components["schemas"]["CollectionName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `REQUEST_INVALID` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `COLLECTION_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CATALOGUE_UNAVAILABLE`, `DISK_FULL`, `OVERLOADED` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listCollections: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Those that the key may see. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CollectionList"];
                };
            };
            /** @description `REQUEST_INVALID` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CATALOGUE_UNAVAILABLE`, `OVERLOADED` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listJobs: {
        parameters: {
            query?: {
                collection?: components["schemas"]["CollectionName"];
                state?: "queued" | "running" | "succeeded" | "failed" | "cancelled";
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobList"];
                };
            };
            /** @description `REQUEST_INVALID` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CATALOGUE_UNAVAILABLE`, `OVERLOADED` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                jobId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description `REQUEST_INVALID` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `JOB_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CATALOGUE_UNAVAILABLE`, `OVERLOADED` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                jobId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description `REQUEST_INVALID` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `JOB_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CATALOGUE_UNAVAILABLE`, `OVERLOADED` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    streamJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                jobId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events named `job`. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description `REQUEST_INVALID` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `JOB_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CATALOGUE_UNAVAILABLE`, `OVERLOADED` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reindex: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of a collection; `default` exists from the start. */
                collection: components["schemas"]["CollectionName"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ReindexRequest"];
            };
        };
        responses: {
            /** @description Queued; or the equal job that is still queued. */
            202: {
                headers: {
                    /** @description The job. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description `REQUEST_INVALID` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `COLLECTION_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_ACCEPTABLE_TYPE` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CATALOGUE_UNAVAILABLE`, `DISK_FULL`, `OVERLOADED` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    train: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of a collection; `default` exists from the start. */
                collection: components["schemas"]["CollectionName"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["TrainRequest"];
            };
        };
        responses: {
            /** @description Queued; or the equal job that is still queued. */
            202: {
                headers: {
                    /** @description The job. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description `REQUEST_INVALID` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `COLLECTION_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_ACCEPTABLE_TYPE` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CATALOGUE_UNAVAILABLE`, `DISK_FULL`, `OVERLOADED` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retrain: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of a collection; `default` exists from the start. */
                collection: components["schemas"]["CollectionName"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RetrainRequest"];
            };
        };
        responses: {
            /** @description Queued; or the equal job that is still queued. */
            202: {
                headers: {
                    /** @description The job. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description `REQUEST_INVALID` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `COLLECTION_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_ACCEPTABLE_TYPE` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CATALOGUE_UNAVAILABLE`, `DISK_FULL`, `OVERLOADED` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    trainBehaviour: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of a collection; `default` exists from the start. */
                collection: components["schemas"]["CollectionName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Queued; or the equal job that is still queued. */
            202: {
                headers: {
                    /** @description The job. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description `REQUEST_INVALID` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `COLLECTION_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CATALOGUE_UNAVAILABLE`, `DISK_FULL`, `OVERLOADED` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    estimate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of a collection; `default` exists from the start. */
                collection: components["schemas"]["CollectionName"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EstimateRequest"];
            };
        };
        responses: {
            /** @description Queued; or the equal job that is still queued. */
            202: {
                headers: {
                    /** @description The job. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description `REQUEST_INVALID` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `COLLECTION_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_ACCEPTABLE_TYPE` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CATALOGUE_UNAVAILABLE`, `DISK_FULL`, `OVERLOADED` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listReleases: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of a collection; `default` exists from the start. */
                collection: components["schemas"]["CollectionName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReleaseList"];
                };
            };
            /** @description `REQUEST_INVALID` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `COLLECTION_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CATALOGUE_UNAVAILABLE`, `OVERLOADED` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    activateRelease: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of a collection; `default` exists from the start. */
                collection: components["schemas"]["CollectionName"];
                releaseId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ActivateRequest"];
            };
        };
        responses: {
            /** @description Served by this process now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Release"];
                };
            };
            /** @description `REQUEST_INVALID` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BEHAVIOUR_NOT_FOUND`, `COLLECTION_NOT_FOUND`, `INDEX_NOT_FOUND`, `MODEL_NOT_FOUND`, `RELEASE_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_ACCEPTABLE_TYPE` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BEHAVIOUR_DAMAGED`, `CATALOGUE_UNAVAILABLE`, `INDEX_DAMAGED`, `OVERLOADED` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listRules: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of a collection; `default` exists from the start. */
                collection: components["schemas"]["CollectionName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them, in the byte order of their ids. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RuleList"];
                };
            };
            /** @description `REQUEST_INVALID` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `COLLECTION_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CATALOGUE_UNAVAILABLE`, `OVERLOADED` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getRule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of a collection; `default` exists from the start. */
                collection: components["schemas"]["CollectionName"];
                ruleId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rule. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rule"];
                };
            };
            /** @description `REQUEST_INVALID` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `COLLECTION_NOT_FOUND`, `RULE_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CATALOGUE_UNAVAILABLE`, `OVERLOADED` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putRule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of a collection; `default` exists from the start. */
                collection: components["schemas"]["CollectionName"];
                ruleId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RuleWrite"];
            };
        };
        responses: {
            /** @description It was there, and is as the request says now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rule"];
                };
            };
            /** @description New. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rule"];
                };
            };
            /** @description `REQUEST_INVALID` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `COLLECTION_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_ACCEPTABLE_TYPE` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CATALOGUE_UNAVAILABLE`, `DISK_FULL`, `OVERLOADED` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteRule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of a collection; `default` exists from the start. */
                collection: components["schemas"]["CollectionName"];
                ruleId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `REQUEST_INVALID` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `COLLECTION_NOT_FOUND`, `RULE_NOT_FOUND` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CATALOGUE_UNAVAILABLE`, `DISK_FULL`, `OVERLOADED` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    healthz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description `REQUEST_INVALID` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `OVERLOADED` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readyz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ready. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            /** @description `REQUEST_INVALID` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_READY`, `OVERLOADED` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The text format of Prometheus. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description `REQUEST_INVALID` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CATALOGUE_UNAVAILABLE`, `OVERLOADED` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    openapi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/yaml": string;
                };
            };
            /** @description `REQUEST_INVALID` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `OVERLOADED` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
