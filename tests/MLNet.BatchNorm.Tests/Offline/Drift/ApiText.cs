using System.Globalization;
using System.Reflection;
using System.Text;

namespace MLNet.BatchNorm.Tests.Offline.Drift;

/// <summary>Writes types and members in a form that is the same for the same API, whichever assembly it is in.</summary>
internal static class ApiText
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>A type's name with its type arguments; no assembly.</summary>
    public static string Name(Type type)
    {
        if (type.IsGenericParameter)
        {
            return (type.DeclaringMethod is null ? "!" : "!!") + type.GenericParameterPosition.ToString(CultureInfo.InvariantCulture);
        }

        if (type.HasElementType)
        {
            var suffix = type.IsByRef ? "&" : type.IsPointer ? "*" : $"[{new string(',', type.GetArrayRank() - 1)}]";
            return Name(type.GetElementType()!) + suffix;
        }

        var definition = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        var arguments = type.IsGenericType && !type.IsGenericTypeDefinition ? $"<{string.Join(",", type.GetGenericArguments().Select(Name))}>" : "";
        return definition.FullName + arguments;
    }

    /// <summary>What kind of type it is: class, structure, interface, enumeration, delegate; and its type parameters.</summary>
    public static string Kind(Type type)
    {
        var kind = type.IsInterface ? "interface"
            : type.IsEnum ? $"enum of {Name(type.GetEnumUnderlyingType())}"
            : type.IsValueType ? "struct"
            : type.BaseType?.FullName == typeof(MulticastDelegate).FullName ? "delegate"
            : "class";
        var modifiers = (type.IsAbstract ? "abstract " : "") + (type.IsSealed ? "sealed " : "");
        var isByRefLike = type.IsByRefLike ? "ref " : "";
        return $"{(type.IsNestedFamily ? "protected" : "public")} {modifiers}{isByRefLike}{kind}{Parameters(type.GetGenericArguments())}";
    }

    /// <summary>The base classes and interfaces that a user of the type can see.</summary>
    public static IEnumerable<string> Bases(Type type)
    {
        for (var ancestor = type.BaseType; ancestor is not null; ancestor = ancestor.BaseType)
        {
            if (ancestor.IsVisible)
            {
                yield return Name(ancestor);
            }
        }

        foreach (var contract in type.GetInterfaces().Where(contract => contract.IsVisible))
        {
            yield return Name(contract);
        }
    }

    /// <summary>The public and protected members that a type declares itself.</summary>
    public static IEnumerable<string> Members(Type type)
    {
        foreach (var member in type.GetMembers(Declared))
        {
            var text = member switch
            {
                FieldInfo { IsSpecialName: false } field when IsVisible(field.Attributes) => Field(field),
                ConstructorInfo { IsStatic: false } constructor when IsVisible(constructor) => $"{Access(constructor)} .ctor{Signature(constructor)}",
                MethodInfo method when IsVisible(method) => Method(method),
                _ => null,
            };
            if (text is not null)
            {
                yield return text;
            }
        }
    }

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsVisible(FieldAttributes attributes) => (attributes & FieldAttributes.FieldAccessMask)
        is FieldAttributes.Public or FieldAttributes.Family or FieldAttributes.FamORAssem;

    private static string Access(MethodBase method) => method.IsPublic ? "public" : "protected";

    private static string Field(FieldInfo field)
    {
        var modifiers = field.IsLiteral ? "const " : (field.IsStatic ? "static " : "") + (field.IsInitOnly ? "readonly " : "");
        var value = field.IsLiteral ? $" = {Value(field.GetRawConstantValue())}" : "";
        return $"{(field.IsPublic ? "public" : "protected")} {modifiers}{Name(field.FieldType)} {field.Name}{value}";
    }

    // Whether a member is virtual matters to those who override it, which only abstract members ask for.
    private static string Method(MethodInfo method)
    {
        var modifiers = (method.IsStatic ? "static " : "") + (method.IsAbstract ? "abstract " : "");
        return $"{Access(method)} {modifiers}{Name(method.ReturnType)} {method.Name}{Parameters(method.GetGenericArguments())}{Signature(method)}";
    }

    private static string Signature(MethodBase method) => $"({string.Join(", ", method.GetParameters().Select(Parameter))})";

    private static string Parameter(ParameterInfo parameter)
    {
        var isParams = parameter.GetCustomAttributesData().Any(data => data.AttributeType.FullName == typeof(ParamArrayAttribute).FullName);
        var direction = parameter.IsOut ? "out " : parameter.IsIn ? "in " : isParams ? "params " : "";
        var value = parameter.HasDefaultValue ? $" = {Value(parameter.RawDefaultValue)}" : "";
        return $"{direction}{Name(parameter.ParameterType)} {parameter.Name}{value}";
    }

    private static string Value(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        char character => $"'{(int)character}'",
        float number => number.ToString("R", CultureInfo.InvariantCulture) + "f",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static string Parameters(Type[] parameters)
    {
        if (!Array.Exists(parameters, parameter => parameter.IsGenericParameter))
        {
            return "";
        }

        var text = new StringBuilder("<");
        foreach (var parameter in parameters)
        {
            // The flag for "may be a ref struct" and other newer ones have no counterpart in older compilers' output.
            var flags = parameter.GenericParameterAttributes
                & (GenericParameterAttributes.VarianceMask | GenericParameterAttributes.SpecialConstraintMask);
            var constraints = parameter.GetGenericParameterConstraints().Select(Name).Order(StringComparer.Ordinal);
            text.Append(CultureInfo.InvariantCulture, $"{parameter.Name}:{flags}:{string.Join("&", constraints)};");
        }

        return text.Append('>').ToString();
    }
}
