// The reader's own data, for the code blocks of README.md: people with a label, the column Features of theirs and of older ones that come
// later, and a batch of activations.
class Person
{
    public float Age { get; set; }

    public float Salary { get; set; }

    public float Height { get; set; }

    public float Weight { get; set; }

    public bool Label { get; set; }
}

List<Person> People(int seed, float minimumAge)
{
    var random = new Random(seed);
    return Enumerable.Range(0, 500).Select(_ =>
    {
        float age = minimumAge + (40 * random.NextSingle());
        float salary = 20_000 + (1_000 * age * random.NextSingle());
        return new Person { Age = age, Salary = salary, Height = 150 + (45 * random.NextSingle()), Weight = 50 + (50 * random.NextSingle()), Label = salary > 40_000 };
    }).ToList();
}

IDataView FeaturesOf(List<Person> people)
{
    var context = new MLContext();
    IDataView view = context.Data.LoadFromEnumerable(people);
    return context.Transforms.Concatenate("Features", "Age", "Salary", "Height", "Weight").Fit(view).Transform(view);
}

var people = People(seed: 1, minimumAge: 20);
var features = FeaturesOf(people);
var newFeatures = FeaturesOf(People(seed: 2, minimumAge: 50));
var activations = Enumerable.Range(0, 32 * 4).Select(i => MathF.Sin(i * i)).ToArray();
var outputGradient = Enumerable.Range(0, 32 * 4).Select(i => MathF.Cos(i * i)).ToArray();
