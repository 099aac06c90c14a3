using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Api.Errors;

/// <summary>Errors about indexes, collections, documents and searches: domain <c>services</c>, subdomain <c>storage</c>.</summary>
public static class StorageErrors
{
    private static ApiError Error(string name, int number, int status, string message, params string[] props) =>
        new($"services.storage.{name}", (1 << 24) | (1 << 16) | number, status, message, props);

    /// <summary>No such index.</summary>
    public static ApiError UnknownIndex(string index) => Error("unknown_index", 1, 412, $"The index \"{index}\" does not exist.", index);

    /// <summary>No such collection.</summary>
    public static ApiError UnknownCollection(CollectionName name) =>
        Error("unknown_collection", 2, 412, $"The collection \"{name.Collection}\" does not exist in the index \"{name.Index}\".", name.Index, name.Collection);

    /// <summary>More documents asked for than <c>limits.documentsFetchCount</c>.</summary>
    public static ApiError GetLimitExceeded(int limit) =>
        Error("get_limit_exceeded", 3, 413, $"More documents are asked for than limits.documentsFetchCount allows ({limit}).");

    /// <summary>More documents touched than <c>limits.documentsWriteCount</c>.</summary>
    public static ApiError WriteLimitExceeded(int limit) =>
        Error("write_limit_exceeded", 4, 413, $"More documents would be changed than limits.documentsWriteCount allows ({limit}).");

    /// <summary>Some documents were refused; the others are stored.</summary>
    public static ApiError ImportFailed(JsonArray errors) =>
        Error("import_failed", 5, 206, $"{errors.Count} documents were not imported.") with { Errors = errors };

    /// <summary>A field that is mapped already, as something else.</summary>
    public static ApiError CannotChangeMapping(string field, string current) =>
        Error("cannot_change_mapping", 26, 400, $"The field \"{field}\" is mapped already, as \"{current}\"; that cannot be changed.", field);

    /// <summary>Some of several things were removed, others not.</summary>
    public static ApiError IncompleteDelete(JsonArray errors) =>
        Error("incomplete_delete", 9, 206, $"{errors.Count} of them could not be removed.") with { Errors = errors };

    /// <summary>No such document.</summary>
    public static ApiError NotFound(string id, CollectionName name) =>
        Error("not_found", 11, 404, $"There is no document \"{id}\" in {name}.", id, name.Index, name.Collection);

    /// <summary><c>document:get</c> with <c>_search</c> as identifier.</summary>
    public static ApiError SearchAsAnId() => Error("search_as_an_id", 15, 400, "\"_search\" cannot be the identifier of a document to get.");

    /// <summary>A document of that identifier exists.</summary>
    public static ApiError DocumentAlreadyExists() => Error("document_already_exists", 17, 400, "A document with this identifier exists already.");

    /// <summary>An option has a value it cannot have.</summary>
    public static ApiError InvalidArgument(string name, string expected) =>
        Error("invalid_argument", 19, 400, $"The argument \"{name}\" has an invalid value: expected {expected}.", name, expected);

    /// <summary>A mapping that is none.</summary>
    public static ApiError InvalidMapping(string path, string hint) =>
        Error("invalid_mapping", 21, 400, $"The mapping property \"{path}\" is invalid.{(hint.Length > 0 ? " " + hint : "")}", path, hint);

    /// <summary>A reserved name.</summary>
    public static ApiError CollectionReserved(string collection) =>
        Error("collection_reserved", 22, 400, $"The collection name \"{collection}\" is reserved.", collection);

    /// <summary>A document with <c>_routing</c>.</summary>
    public static ApiError NoRouting() => Error("no_routing", 23, 400, "A document cannot hold \"_routing\".");

    /// <summary>The storage engine refuses a request for another reason.</summary>
    public static ApiError UnexpectedBadRequest(string reason) => Error("unexpected_bad_request", 33, 400, reason, reason);

    /// <summary>The storage engine failed.</summary>
    public static ApiError UnexpectedError(string reason) => Error("unexpected_error", 35, 500, $"The storage failed: {reason}", reason);

    /// <summary>
    /// What went wrong in the store. Kuzzle has one error for all causes; the status tells them apart: 507 where there is no room, 503 where nothing can be written now. These are worth
    /// another try later; all else is ours.
    /// </summary>
    public static ApiError Of(DocumentStoreException exception) => exception.Fault switch
    {
        DocumentStoreFault.OutboxFull => Error("outbox_full", 1001, 503, exception.Message),
        DocumentStoreFault.NoRoom => Error("no_room", 1002, 507, exception.Message),
        DocumentStoreFault.Full => UnexpectedError(exception.Message) with { Status = 507 },
        DocumentStoreFault.Unwritable => UnexpectedError(exception.Message) with { Status = 503 },
        _ => UnexpectedError(exception.Message),
    };

    /// <summary>An index of that name exists.</summary>
    public static ApiError IndexAlreadyExists(string scope, string index) =>
        Error("index_already_exists", 38, 412, $"A {scope} index \"{index}\" exists already.", scope, index);

    /// <summary>A member that a search body does not have.</summary>
    public static ApiError InvalidSearchQuery(string key) =>
        Error("invalid_search_query", 40, 400, $"The argument \"{key}\" is not allowed at this level of a search query.", key);

    /// <summary>No name for an index.</summary>
    public static ApiError InvalidIndexName(string index) => Error("invalid_index_name", 41, 400, $"\"{index}\" cannot be the name of an index.", index);

    /// <summary>No name for a collection.</summary>
    public static ApiError InvalidCollectionName(string collection) =>
        Error("invalid_collection_name", 42, 400, $"\"{collection}\" cannot be the name of a collection.", collection);

    /// <summary>A field that a strict mapping does not have.</summary>
    public static ApiError StrictMappingRejection(string field, CollectionName name) =>
        Error("strict_mapping_rejection", 43, 400, $"The mapping of {name} is strict and has no field \"{field}\".", field, name.Index, name.Collection);

    /// <summary>A scroll that nobody has opened, or that has ended.</summary>
    public static ApiError UnknownScrollId() => Error("unknown_scroll_id", 14, 404, "There is no such scroll, or it has ended.");

    /// <summary>A scroll that would be kept open too long.</summary>
    public static ApiError ScrollDurationTooGreat(string duration) =>
        Error("scroll_duration_too_great", 44, 400, $"The scroll duration \"{duration}\" is longer than a minute.", duration);

    /// <summary>A query clause that does not exist (here).</summary>
    public static ApiError UnknownQueryKeyword(string keyword) =>
        Error("unknown_query_keyword", 45, 400, $"The keyword \"{keyword}\" is not part of the query language. Is it a Koncorde keyword? Then say lang: koncorde.", keyword);

    /// <summary>Something that queries may not hold.</summary>
    public static ApiError InvalidQueryKeyword(string path) => Error("invalid_query_keyword", 47, 400, $"\"{path}\" is not allowed in a query.", path);

    /// <summary>Lists or wildcards as names.</summary>
    public static ApiError InvalidMultiIndexCollectionUsage() =>
        Error("invalid_multi_index_collection_usage", 49, 400, "A name cannot hold \",\", \"*\", \"+\" or \"_all\"; use \"targets\" to search several collections.");

    /// <summary>Wildcards in targets.</summary>
    public static ApiError InvalidTargetFormat(string path, string value) =>
        Error("invalid_target_format", 50, 400, $"\"{path}\" cannot be \"{value}\": wildcards and lists are not allowed.", path, value);
}
