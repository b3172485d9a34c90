using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IncidentMesh.Protocol.Api;
using Xunit;

namespace IncidentMesh.Tests.Api;

/// <summary>What <see cref="ViewReader"/> reads is what <see cref="ApiJson"/> wrote: each field of each view,
/// those added later among them, for the samples are made from the types.</summary>
public sealed class ViewReaderTests
{
    private int _count;

    [Fact]
    public void Reads_every_field_of_a_status() => Same(ApiJson.Default.StatusView, ViewReader.Status);

    [Fact]
    public void Reads_every_field_of_a_search() => Same(ApiJson.Default.SearchView, ViewReader.Search);

    [Fact]
    public void Reads_every_field_of_a_report() => Same(ApiJson.Default.ReportView, ViewReader.Report);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"schema\":1}")]
    public void Refuses_what_is_no_such_view(string json)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(json);
        Assert.ThrowsAny<JsonException>(() => ViewReader.Read(bytes, ViewReader.Status));
        Assert.ThrowsAny<JsonException>(() => ViewReader.Read(bytes, ViewReader.Search));
        Assert.ThrowsAny<JsonException>(() => ViewReader.Read(bytes, ViewReader.Report));
    }

    private void Same<T>(JsonTypeInfo<T> type, Func<JsonElement, T> read)
    {
        var full = (T)Sample(typeof(T));
        Assert.Equal(Rewritten(type, full, read), JsonSerializer.Serialize(full, type));

        // What may be missing is missing.
        T bare = full;
        foreach (PropertyInfo property in typeof(T).GetProperties().Where(MayBeNull))
        {
            property.SetValue(bare, null);
        }

        Assert.Equal(Rewritten(type, bare, read), JsonSerializer.Serialize(bare, type));
    }

    private static string Rewritten<T>(JsonTypeInfo<T> type, T view, Func<JsonElement, T> read) =>
        JsonSerializer.Serialize(
            ViewReader.Read(JsonSerializer.SerializeToUtf8Bytes(view, type), read), type);

    private static bool MayBeNull(PropertyInfo property) => property.CanWrite
        && new NullabilityInfoContext().Create(property).ReadState == NullabilityState.Nullable;

    // A value that is not the type's default, another one each time.
    private object Sample(Type type)
    {
        _count++;
        Type inner = Nullable.GetUnderlyingType(type) ?? type;
        if (inner.IsGenericType && inner.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            Type item = inner.GetGenericArguments()[0];
            var list = Array.CreateInstance(item, 2);
            list.SetValue(Sample(item), 0);
            list.SetValue(Sample(item), 1);
            return list;
        }

        return inner == typeof(string) ? $"text {_count}"
            : inner == typeof(int) ? _count
            : inner == typeof(long) ? (1L << 40) + _count
            : inner == typeof(double) ? _count + 0.5
            : inner == typeof(bool) ? true
            : inner == typeof(DateTimeOffset) ? DateTimeOffset.UnixEpoch.AddHours(_count)
            : inner == typeof(JsonElement) ? JsonSerializer.SerializeToElement(_count)
            : inner == typeof(IReadOnlyDictionary<string, int>)
                ? new Dictionary<string, int> { [$"key {_count}"] = _count }
            : inner == typeof(IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>>)
                ? new Dictionary<string, IReadOnlyDictionary<string, int>>
                {
                    [$"field {_count}"] = (IReadOnlyDictionary<string, int>)Sample(
                        typeof(IReadOnlyDictionary<string, int>)),
                }
            : Made(inner);
    }

    private object Made(Type type)
    {
        ConstructorInfo make = type.GetConstructors().MinBy(c => c.GetParameters().Length)!;
        object made = make.Invoke([.. make.GetParameters().Select(p => Sample(p.ParameterType))]);
        foreach (PropertyInfo property in type.GetProperties().Where(p => p.CanWrite))
        {
            property.SetValue(made, Sample(property.PropertyType));
        }

        return made;
    }
}
